import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  largestBundle
} from "./chunk-3Y44LDC5.mjs";
import {
  RegistryError,
  artifactManifest,
  blobOf,
  emptyConfig,
  fallbackTagOf,
  findManifest,
  getManifest,
  listReferrers,
  listTaggedReferrers,
  putManifest,
  readBlob,
  uploadBlob
} from "./chunk-ZHPDOGFP.mjs";
import {
  formatRepository
} from "./chunk-RYZTQ7VR.mjs";
import {
  isDescriptor,
  mediaTypes
} from "./chunk-G5OCPV4E.mjs";
import {
  parseJsonObject
} from "./chunk-LI5CVXRG.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import {
  digestOf,
  hexOf
} from "./chunk-LZSYUQMR.mjs";
import {
  Failure
} from "./chunk-WFDJKZW3.mjs";

// src/attest/statement.ts
var predicateTypes = {
  /** cosign's signature, whose predicate is empty. */
  signature: "https://sigstore.dev/cosign/sign/v1",
  provenance: "https://slsa.dev/provenance/v1"
};
function formatStatement({ predicateType, predicate, subjects }, repository) {
  const name = formatRepository(repository);
  return Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v1",
      subject: subjects.map(({ digest }) => ({ name, digest: { sha256: hexOf(digest) } })),
      predicateType,
      predicate
    })
  );
}
function claimsSame(a, b) {
  return withoutRun(a) === withoutRun(b);
}
function withoutRun(statement) {
  const json = parseJsonObject(statement, "a statement", { largest: largestBundle });
  const { predicate } = json;
  const { runDetails } = isObject(predicate) ? predicate : {};
  if (!isObject(predicate) || !isObject(runDetails)) return JSON.stringify(json);
  const { metadata: _, ...details } = runDetails;
  return JSON.stringify({ ...json, predicate: { ...predicate, runDetails: details } });
}

// src/registry/push/attach-artifact.ts
var mostTries = 10;
var mostRead = 100;
var largestArtifact = 32 << 20;
async function attachArtifact(client, subject, artifact) {
  const manifest = artifactManifest(subject, artifact);
  const { digest } = manifest.descriptor;
  await uploadBlob(client, emptyConfig);
  await uploadBlob(client, artifact.content, "new");
  await putManifest(client, manifest, digest);
  const listed = await listReferrers(client, subject.digest);
  if (!listed.some((referrer) => referrer.digest === digest)) await listUnderTag(client, subject, { manifest, artifact });
  return digest;
}
async function expectAttached(client, subject, digest) {
  const listed = await allReferrers(client, subject.digest);
  if (!listed.some((referrer) => referrer.digest === digest)) {
    throw new Failure(
      `Cannot find what was attached to ${nameOf(client, subject)}: the registry does not list ${digest}. Run the step again.`
    );
  }
  await readContent(client, digest);
}
async function* readAttached(client, subject, artifactType) {
  const listed = await allReferrers(client, subject);
  const wanted = listed.filter((referrer) => (referrer.artifactType ?? artifactType) === artifactType);
  for (const { digest } of wanted.slice(0, mostRead)) {
    const content = await readIfThere(client, digest, artifactType);
    if (content !== void 0) yield content;
  }
}
async function readIfThere(client, digest, artifactType) {
  try {
    return await readContent(client, digest, artifactType);
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404) return void 0;
    throw error;
  }
}
async function allReferrers(client, subject) {
  const listed = await listReferrers(client, subject);
  return listed.length > 0 ? listed : listTaggedReferrers(client, subject);
}
async function readContent(client, digest, artifactType) {
  const { layers } = parseJsonObject(await getManifest(client, digest), `the manifest ${digest}`);
  const [layer, ...others] = Array.isArray(layers) ? layers : [];
  if (!isDescriptor(layer) || others.length > 0) return void 0;
  if (artifactType !== void 0 && (layer.mediaType !== artifactType || layer.size > largestArtifact))
    return void 0;
  return readBlob(client, layer, largestArtifact);
}
async function listUnderTag(client, subject, { manifest, artifact }) {
  const tag = fallbackTagOf(subject.digest);
  const entry = {
    ...manifest.descriptor,
    artifactType: artifact.content.descriptor.mediaType,
    annotations: artifact.annotations
  };
  for (let i = 0; i < mostTries; i++) {
    const before = await findManifest(client, tag);
    const index = before === void 0 ? emptyIndex : parseIndex(before.bytes, nameOf(client, subject));
    if (index.manifests.some((item) => isObject(item) && item.digest === entry.digest)) return;
    const after = blobOf(JSON.stringify({ ...index, manifests: [...index.manifests, entry] }), mediaTypes.index);
    await putUnchanged(client, { tag, index: after, etag: before?.etag });
  }
  throw new Failure(
    `Cannot attach anything to ${nameOf(client, subject)}: others keep overwriting the tag ${tag}. Run the step again.`
  );
}
var emptyIndex = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [] };
function parseIndex(bytes, name) {
  const json = parseJsonObject(bytes, `the referrers of ${name}`);
  const { manifests } = json;
  if (Array.isArray(manifests)) return { ...json, manifests };
  throw new Failure(
    `Cannot attach anything to ${name}: its tag for referrers points to ${digestOf(bytes)}, which is no index. Delete that tag.`
  );
}
async function putUnchanged(client, { tag, index, etag }) {
  const request = {
    method: "PUT",
    to: `manifests/${tag}`,
    headers: { "content-type": mediaTypes.index, ...etag === void 0 ? {} : { "if-match": etag } },
    body: { size: index.descriptor.size, open: index.open }
  };
  await client.retry(`Writing the index ${tag}`, async () => {
    const response = await client.request(request);
    if (![200, 201, 202, 412].includes(response.status)) throw await client.refusal(request, response);
    await response.discard();
  });
}
function nameOf({ repository }, { digest }) {
  return `${formatRepository(repository)}@${digest}`;
}

export {
  predicateTypes,
  formatStatement,
  claimsSame,
  attachArtifact,
  expectAttached,
  readAttached
};
