import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  bundleType,
  largestBundle,
  parseBundle
} from "./chunk-XT6ZB4E3.mjs";
import {
  RegistryError,
  allReferrers,
  artifactManifest,
  blobOf,
  emptyConfig,
  fallbackTagOf,
  findManifest,
  getManifest,
  listReferrers,
  putManifest,
  readBlob,
  uploadBlob
} from "./chunk-OZSFGEJA.mjs";
import {
  isDescriptor,
  mediaTypes
} from "./chunk-HBQZMXVE.mjs";
import {
  formatRepository
} from "./chunk-RYZTQ7VR.mjs";
import {
  digestOf,
  hexOf
} from "./chunk-LZSYUQMR.mjs";
import {
  objectIn,
  parseJsonObject
} from "./chunk-JV3OK7I5.mjs";
import {
  sbomFormats,
  sbomTypes
} from "./chunk-LPQ76Q4D.mjs";
import {
  oneLine
} from "./chunk-S73ABKVA.mjs";
import {
  settleAll
} from "./chunk-TJDMYOEP.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import {
  Failure,
  messageOf
} from "./chunk-WFDJKZW3.mjs";

// src/registry/push/attach-artifact.ts
var mostTries = 10;
var mostRead = 100;
var largestArtifact = 32 << 20;
async function attachArtifact(client, subjects, artifact) {
  await uploadBlob(client, emptyConfig);
  await uploadBlob(client, artifact.content, "new");
  return settleAll(subjects.map((subject) => attachTo(client, subject, artifact)));
}
async function attachTo(client, subject, artifact) {
  const manifest = artifactManifest(subject, artifact);
  const { digest } = manifest.descriptor;
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
async function* readAttached(client, subject, type) {
  for await (const { bytes } of readAttachedOf(client, subject, [type])) yield bytes;
}
async function* readAttachedOf(client, subject, types) {
  const listed = await allReferrers(client, subject);
  const wanted = listed.filter(({ artifactType }) => artifactType === void 0 || types.includes(artifactType));
  for (const { digest } of wanted.slice(0, mostRead)) {
    const content = await readIfThere(client, digest, types);
    if (content !== void 0) yield content;
  }
}
async function readIfThere(client, digest, types) {
  try {
    return await readContent(client, digest, types);
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404) return void 0;
    throw error;
  }
}
async function readContent(client, digest, types) {
  const { layers } = parseJsonObject(await getManifest(client, digest), `the manifest ${digest}`);
  const [layer, ...others] = Array.isArray(layers) ? layers : [];
  if (!isDescriptor(layer) || others.length > 0) return void 0;
  const { mediaType: type, size } = layer;
  if (types !== void 0 && (!types.includes(type) || size > largestArtifact)) return void 0;
  return { type, bytes: await readBlob(client, layer, largestArtifact) };
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

// src/stages/verify/read-statements.ts
async function readStatements(client, digest, { verify }) {
  const found = [];
  const reasons = /* @__PURE__ */ new Set();
  for await (const bundle of readAttached(client, digest, bundleType)) {
    try {
      const certified = verify(bundle);
      found.push({ ...statementAbout(digest, bundle), certified });
    } catch (error) {
      reasons.add(oneLine(messageOf(error), 200));
    }
  }
  return { found, reasons: [...reasons] };
}
function statementAbout(digest, bundle) {
  const json = parseJsonObject(parseBundle(bundle).statement, "a statement", { largest: largestBundle });
  const subjects = Array.isArray(json.subject) ? json.subject.filter(isObject) : [];
  const isAbout = subjects.some((subject) => isObject(subject.digest) && subject.digest.sha256 === hexOf(digest));
  if (!isAbout) throw new Failure("it is about another image");
  return { predicateType: String(json.predicateType), predicate: isObject(json.predicate) ? json.predicate : {} };
}
function lackOfSignature({ found, reasons }) {
  const types = found.map(({ predicateType }) => oneLine(predicateType, 200));
  if (types.includes(predicateTypes.signature)) return void 0;
  return [...reasons, ...new Set(types)].join("; ") || "nothing is attached to it";
}

// src/stages/sbom/read-carried.ts
async function readCarried(client, stored, promotion) {
  const all = [];
  for (const { manifest } of stored.images) {
    all.push(await readAllAttached(client, manifest.descriptor.digest, promotion));
  }
  const ofIndex = stored.index === void 0 ? [] : await readAllAttached(client, stored.digest, promotion);
  const outcomes = stored.images.flatMap(
    ({ platform }, i) => (all[i] ?? []).map((one) => outcomeOf(one, { platform, ...promotion }))
  );
  outcomes.push(...ofIndex.map((one) => outcomeOf({ ...one, sbom: void 0 }, { platform: "the index", ...promotion })));
  const linesOf = (isCarried) => {
    const lines = outcomes.filter((one) => one.isCarried === isCarried).map(({ line }) => line);
    return [...new Set(lines)].sort();
  };
  return {
    sboms: all.map(
      (attached) => attached.flatMap(({ sbom, mayCarry }) => sbom !== void 0 && mayCarry ? [sbom] : [])
    ),
    over: linesOf(true),
    left: linesOf(false)
  };
}
async function readAllAttached(client, digest, { verifier, signs }) {
  const attached = [];
  const types = [bundleType, ...sbomFormats.map((format) => sbomTypes[format].mediaType)];
  for await (const { type, bytes } of readAttachedOf(client, digest, types)) {
    const format = sbomFormats.find((one) => sbomTypes[one].mediaType === type);
    if (format !== void 0) {
      const document = objectIn(bytes, { largest: bytes.length });
      attached.push({ type, sbom: { format, document }, mayCarry: verifier === void 0 && !signs });
      continue;
    }
    const signed = signedIn(bytes, digest);
    if (signed !== void 0)
      attached.push({ ...signed, mayCarry: verifier !== void 0 && hasSigned(verifier, bytes) });
  }
  return attached;
}
function signedIn(bundle, digest) {
  try {
    const { predicateType: type, predicate } = statementAbout(digest, bundle);
    const format = sbomFormats.find((one) => sbomTypes[one].predicateType === type);
    return { type, sbom: format && { format, document: predicate } };
  } catch {
    return void 0;
  }
}
function hasSigned({ verify }, bundle) {
  try {
    verify(bundle);
    return true;
  } catch {
    return false;
  }
}
function outcomeOf({ type, sbom, mayCarry }, { platform, verifier, signs, provenance }) {
  const left = (name, why) => ({ isCarried: false, line: `${name}: ${why}` });
  const over = (name, how) => ({ isCarried: true, line: `${name}: ${how}` });
  if (sbom !== void 0) {
    const name = `${sbom.format} of ${platform}`;
    if (mayCarry) return over(name, signs ? "signed by this step" : "unsigned");
    return left(
      name,
      verifier === void 0 ? "nobody has to have signed it; set require-signed" : `it is not signed by ${verifier.name}`
    );
  }
  if (type === predicateTypes.signature) {
    return signs ? over("signature", "a new one, by this step") : left("signature", "it is about the image before; set sign");
  }
  if (type === predicateTypes.provenance) {
    return provenance ? over("provenance", "a new one, which names the image before") : left("provenance", "it is about the image before; set provenance");
  }
  return left(oneLine(type, 100), "it is about the image before");
}

export {
  predicateTypes,
  formatStatement,
  claimsSame,
  attachArtifact,
  expectAttached,
  readAttached,
  readAttachedOf,
  readStatements,
  lackOfSignature,
  readCarried,
  signedIn
};
