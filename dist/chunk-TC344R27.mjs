import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  listMembers,
  readLayerUsage
} from "./chunk-VQLGVKI6.mjs";
import {
  openSources,
  prebuiltImage,
  readStored,
  remoteImageOf,
  showReading
} from "./chunk-CYB4L7XX.mjs";
import {
  checkDescriptor,
  checkDiffId,
  createMeter,
  isPassedOn,
  openTar,
  packLayer
} from "./chunk-LZ4Q3MM3.mjs";
import {
  hostArchitecture,
  resolveTag
} from "./chunk-2ZAGE6CE.mjs";
import {
  closestTo,
  fallbackTagOf,
  isPath,
  listReferrers,
  listTaggedReferrers,
  openClient
} from "./chunk-ZHPDOGFP.mjs";
import {
  parseImageName
} from "./chunk-RYZTQ7VR.mjs";
import {
  platformOf
} from "./chunk-F6TB5S6D.mjs";
import {
  withBlobsKept,
  withContents
} from "./chunk-ROPKUCAE.mjs";
import {
  createPool,
  settleAll
} from "./chunk-3M57GHHF.mjs";

// src/inspect/inspect-layer.ts
import { randomUUID } from "node:crypto";
import { join } from "node:path";
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
  return readLayerUsage(listMembers(tar, description), description);
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
  const found = [...await listReferrers(client, digest), ...await listTaggedReferrers(client, digest)];
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
    referrers: await readReferrers(client, stored.digest),
    ...await inspectLayers(withBlobsKept(remoteImageOf(chosen)), context)
  };
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
  inspectImage,
  inspectLayers
};
