import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  readInputs
} from "./chunk-C4D2PEKK.mjs";
import {
  readAttachedOf,
  signedIn
} from "./chunk-3IUSSWCM.mjs";
import {
  buildImages,
  chooseImage,
  inspectLayers,
  openSources,
  readStored,
  remoteImageOf,
  withRegistries
} from "./chunk-RYIA4I2P.mjs";
import "./chunk-CSFUBRYR.mjs";
import {
  bundleType
} from "./chunk-XT6ZB4E3.mjs";
import {
  describeGaps
} from "./chunk-RPKNR373.mjs";
import {
  bareInventory,
  imagePathsOf,
  readInventory
} from "./chunk-P5DKOOZD.mjs";
import "./chunk-QCYXSELO.mjs";
import "./chunk-Y3MSOP5S.mjs";
import "./chunk-HJBBPKX6.mjs";
import "./chunk-6XKJIXUR.mjs";
import "./chunk-3EZMRUO6.mjs";
import {
  openClient
} from "./chunk-OZSFGEJA.mjs";
import {
  withBlobsKept
} from "./chunk-HBQZMXVE.mjs";
import "./chunk-GNJFZKSP.mjs";
import {
  isPath
} from "./chunk-TMXNPKEU.mjs";
import {
  formatRepository,
  parseImageName
} from "./chunk-RYZTQ7VR.mjs";
import {
  createdOf,
  platformOf
} from "./chunk-367ITKDM.mjs";
import {
  storePathName
} from "./chunk-HSNXDN4F.mjs";
import "./chunk-LZSYUQMR.mjs";
import {
  objectIn
} from "./chunk-JV3OK7I5.mjs";
import {
  UsageError
} from "./chunk-XSKKEYNQ.mjs";
import "./chunk-RQQGAJIZ.mjs";
import {
  jsonText
} from "./chunk-DW22CK4V.mjs";
import "./chunk-67N6NFLF.mjs";
import {
  sbomFormats,
  sbomOf,
  sbomTypes
} from "./chunk-LPQ76Q4D.mjs";
import {
  printable
} from "./chunk-S73ABKVA.mjs";
import "./chunk-TJDMYOEP.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";

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
  for await (const { type, bytes } of readAttachedOf(client, digest, [mediaType, bundleType])) {
    const signed = type === bundleType ? signedIn(bytes, digest)?.sbom : void 0;
    if (signed?.format === format) return signed.document;
    const document = type === mediaType ? objectIn(bytes, { largest: bytes.length }) : {};
    if (Object.keys(document).length > 0) return document;
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
