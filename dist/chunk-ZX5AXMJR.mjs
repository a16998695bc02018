import {
  readInputs
} from "./chunk-QB7XZMR7.mjs";
import {
  bareInventory,
  imagePathsOf,
  readInventory
} from "./chunk-A7YIT6KM.mjs";
import {
  chooseImage,
  inspectLayers,
  withRegistries
} from "./chunk-VGFZXKJJ.mjs";
import "./chunk-J3WADLHT.mjs";
import "./chunk-FWHS4F6C.mjs";
import "./chunk-7T4EEEUH.mjs";
import {
  buildImages,
  openSources
} from "./chunk-YZKW6YE4.mjs";
import "./chunk-CF4VPEFD.mjs";
import "./chunk-FDAA2TLC.mjs";
import "./chunk-INTXPZ6B.mjs";
import {
  bundleType,
  findAttached,
  statedIn
} from "./chunk-DOBU3S46.mjs";
import {
  readStored,
  remoteImageOf
} from "./chunk-XL7E7YGZ.mjs";
import "./chunk-RCHAHIEV.mjs";
import "./chunk-3DOYXRXT.mjs";
import {
  openClient,
  withBlobsKept
} from "./chunk-JYQXIE4E.mjs";
import "./chunk-6OHNNCAZ.mjs";
import {
  createdOf,
  platformOf
} from "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import {
  UsageError,
  jsonText
} from "./chunk-QG475AWI.mjs";
import "./chunk-3G4PY4B2.mjs";
import {
  describeGaps
} from "./chunk-MAQ7ADOM.mjs";
import "./chunk-4GYQYVDP.mjs";
import "./chunk-25LIPGGA.mjs";
import {
  isPath,
  storePathName
} from "./chunk-XBGOFGJP.mjs";
import {
  formatRepository,
  parseImageName
} from "./chunk-HEI324TL.mjs";
import {
  printable,
  sbomFormats,
  sbomOf,
  sbomTypes
} from "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/stages/sbom/describe-subject.ts
function isInstallable(name) {
  return name === "." || name.includes("#");
}
async function describeBuild(name, inputs, context) {
  const source = isInstallable(name) ? { kind: "installable", installable: name } : { kind: "path", path: name };
  const own = { ...inputs, builds: [{ source }] };
  const built = await buildImages([own], context.runtime);
  const [[one] = []] = built.images;
  const [[opened] = []] = await openSources([own], built, context);
  if (one === void 0 || opened === void 0) throw new TypeError("One installable is one source.");
  const { image } = opened;
  return {
    // Not as the user named it: the same image has the same document on every machine.
    name: storePathName(one.path).replace(/^.*\//, ""),
    platform: platformOf(image.config),
    created: createdOf(image.config),
    inventory: await readInventory(image, { built: one, source, inputs: own, runtime: context.runtime })
  };
}
async function describeStored(image, repository, context) {
  const { config, layers } = await inspectLayers(withBlobsKept(remoteImageOf(image)), context);
  const ofLayers = layers.map(({ contents, otherBytes, diffId }) => ({
    paths: contents.paths.map(({ path }) => path),
    hasOthers: otherBytes > 0,
    diffId
  }));
  return {
    name: formatRepository(repository),
    repository,
    digest: image.manifest.descriptor.digest,
    platform: image.platform,
    created: createdOf(config),
    inventory: bareInventory(imagePathsOf(ofLayers))
  };
}

// src/stages/sbom/read-sbom.ts
async function readSbom(name, { format, inputs, ...context }) {
  if (isInstallable(name) || isPath(name)) {
    const subject2 = await describeBuild(name, inputs, context);
    return { document: JSON.parse(await sbomOf(format, subject2)), notes: describeGaps(subject2.inventory) };
  }
  const { name: tag, ...repository } = parseImageName(name);
  const client = await openClient(repository, { ...context.access, actions: "pull", mountSources: [] });
  const image = chooseImage(await readStored(client, tag, inputs.platforms[0]));
  const { digest } = image.manifest.descriptor;
  const document = await readAttachedSbom(client, digest, format);
  if (document !== void 0) {
    const notes2 = [`Attached to ${digest} (${image.platform}). nix-image verify checks who signed it.`];
    return { document, notes: notes2 };
  }
  const subject = await describeStored(image, repository, context);
  const notes = [
    `No SBOM in ${format} is attached to ${digest} (${image.platform}), so this one is made from its layers.`,
    ...describeGaps(subject.inventory)
  ];
  return { document: JSON.parse(await sbomOf(format, subject)), notes };
}
async function readAttachedSbom(client, digest, format) {
  const { mediaType } = sbomTypes[format];
  for await (const attached of findAttached(client, digest, [mediaType, bundleType])) {
    const bytes = await attached.read();
    const sbom = bytes && statedIn(attached.type, bytes, digest)?.sbom;
    if (sbom?.format === format && Object.keys(sbom.document).length > 0) return sbom.document;
  }
  return void 0;
}

// src/commands/run-sbom.ts
var runSbom = async ({ flags: { format: wanted, ...flags }, parameters }, runtime) => {
  const format = sbomFormats.find((one) => one === (wanted ?? "cyclonedx"));
  if (format === void 0) throw new UsageError(`Cannot use --format ${wanted}. Give ${sbomFormats.join(" or ")}.`);
  const inputs = readInputs(flags, runtime.env);
  const name = String(parameters[0]);
  const names = isInstallable(name) || isPath(name) ? [] : [name];
  const { document, notes } = await withRegistries(
    { inputs, names, runtime },
    (context) => readSbom(name, { format, inputs, ...context })
  );
  for (const note of notes) runtime.log.notice(printable(note));
  return { text: jsonText(document), json: document };
};
export {
  runSbom
};
