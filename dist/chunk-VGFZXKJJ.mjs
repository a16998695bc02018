const { randomUUID } = globalThis.process.getBuiltinModule("node:crypto");
const { join } = globalThis.process.getBuiltinModule("node:path");
import {
  readLayerUsage
} from "./chunk-J3WADLHT.mjs";
import {
  openSources,
  prebuiltImage
} from "./chunk-YZKW6YE4.mjs";
import {
  checkDescriptor,
  checkDiffId,
  createMeter,
  isPassedOn,
  openTar,
  packLayer,
  readMembers,
  readStored,
  remoteImageOf,
  showReading
} from "./chunk-XL7E7YGZ.mjs";
import {
  UnknownReferrers,
  allReferrers,
  fallbackTagOf,
  hostArchitecture,
  isDenied,
  openClient,
  resolveTag,
  withBlobsKept,
  withContents
} from "./chunk-JYQXIE4E.mjs";
import {
  platformOf
} from "./chunk-QGRX4KWZ.mjs";
import {
  closestTo,
  isPath,
  openTransport
} from "./chunk-XBGOFGJP.mjs";
import {
  parseImageName
} from "./chunk-HEI324TL.mjs";
import {
  createPool,
  settleAll
} from "./chunk-UH7NESJ6.mjs";

// src/stages/open/with-registries.ts
async function withRegistries({ inputs, names, runtime }, body) {
  const { insecureRegistries, githubToken, login } = inputs;
  const { env, log } = runtime;
  const hosts = new Set(names.filter((name) => !isPath(name)).map((name) => parseImageName(name).host));
  const transport = openTransport({ insecureHosts: insecureRegistries, env });
  try {
    return await body({
      runtime,
      access: {
        ...login === void 0 ? {} : { login: { ...login, hosts: Promise.resolve(hosts) } },
        ...githubToken === void 0 ? {} : { githubToken },
        insecureRegistries,
        transport,
        env,
        log
      }
    });
  } finally {
    await transport.close();
  }
}

// src/inspect/inspect-layer.ts
async function inspectLayer(layer, directory) {
  if (!isPassedOn(layer, void 0)) {
    const packed = await packLayer(layer, join(directory, `inspected-${randomUUID()}`));
    packed.release();
    const { descriptor, diffId: diffId2 } = packed;
    return inspectedLayer(layer, { descriptor, diffId: diffId2 }, await usageOf(packed.openTar(), layer));
  }
  const [blob, tar] = [createMeter(), createMeter()];
  const metered = { ...layer, open: () => blob.through(layer.open()) };
  const usage = await usageOf(tar.through(openTar(metered)), layer);
  const diffId = checkDiffId(layer, tar.digest());
  const read = { digest: blob.digest(), size: blob.size() };
  checkDescriptor(layer, read);
  const mediaType = layer.descriptor?.mediaType ?? "";
  return inspectedLayer(layer, { descriptor: { mediaType, ...read }, diffId }, usage);
}
function usageOf(tar, layer) {
  const description = layer.description ?? `the layer ${layer.descriptor?.digest ?? layer.diffId ?? ""}`;
  return readLayerUsage(readMembers(tar, description), description);
}
function inspectedLayer(layer, known, { paths, otherBytes }) {
  const contents = {
    paths: [...paths].map(([path, narSize]) => ({ path, narSize })),
    history: layer.contents?.history ?? ""
  };
  return { ...known, contents, otherBytes };
}

// src/registry/read/read-referrers.ts
var cosignTags = {
  sig: "cosign signature",
  att: "cosign attestation",
  sbom: "cosign SBOM"
};
async function readReferrers(client, digest) {
  const tag = fallbackTagOf(digest);
  const found = await allReferrers(client, digest);
  for (const [suffix, artifactType] of Object.entries(cosignTags)) {
    const tagged = await resolveTag(client, `${tag}.${suffix}`);
    if (tagged !== void 0) found.push({ digest: tagged, artifactType });
  }
  return [...new Map(found.map((referrer) => [referrer.digest, referrer])).values()];
}

// src/stages/open/inspect-image.ts
function inspectImage(name, context) {
  return isPath(name) ? inspectFile(name, context) : inspectStored(name, context);
}
async function inspectFile(name, { inputs, ...context }) {
  const own = { ...inputs, builds: [{ source: { kind: "path", path: name } }] };
  const imported = prebuiltImage(own, context.runtime);
  const sources = await openSources([own], { images: imported === void 0 ? [] : [[imported]] }, context);
  const [source] = sources.flat();
  if (source === void 0) throw new TypeError("A path is one source.");
  const platform = platformOf(source.image.config);
  return { name, kind: source.shape, platform, platforms: [platform], ...await inspectLayers(source.image, context) };
}
async function inspectStored(name, { inputs, ...context }) {
  const { name: tag, ...repository } = parseImageName(name);
  const client = await openClient(repository, { ...context.access, actions: "pull", mountSources: [] });
  const [wanted] = inputs.platforms;
  const stored = await readStored(client, tag, wanted);
  const chosen = chooseImage(stored);
  return {
    name,
    kind: stored.index === void 0 ? "image" : "index",
    digest: stored.digest,
    platform: chosen.platform,
    platforms: stored.images.map(({ platform }) => platform),
    ...await findReferrers(client, stored.digest, context.runtime),
    ...await inspectLayers(withBlobsKept(remoteImageOf(chosen)), context)
  };
}
async function findReferrers(client, digest, { log }) {
  try {
    return { referrers: await readReferrers(client, digest) };
  } catch (error) {
    if (!(error instanceof UnknownReferrers) && !isDenied(error)) throw error;
    log.notice(error.message);
    return {};
  }
}
function chooseImage({ images }) {
  const [closest] = closestTo(`linux/${hostArchitecture}`, images, ({ platform }) => platform);
  return closest ?? images[0];
}
var readsAtATime = 4;
async function inspectLayers(image, { runtime }) {
  const { config, layers } = withContents(image);
  const pool = createPool(readsAtATime);
  const { log, temporary } = runtime;
  const shown = layers.map((layer, i) => {
    const name = `reading layer ${i + 1} of ${layers.length}`;
    return { ...layer, open: showReading(layer.open, { name, size: layer.size, log }) };
  });
  const inspect = shown.map((layer) => pool(() => inspectLayer(layer, temporary)));
  return { config, layers: await settleAll(inspect) };
}

export {
  withRegistries,
  inspectImage,
  chooseImage,
  inspectLayers
};
