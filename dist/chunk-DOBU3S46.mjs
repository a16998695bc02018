import {
  RegistryError,
  allReferrers,
  artifactManifest,
  blobOf,
  emptyConfig,
  fallbackTagOf,
  findManifest,
  getManifest,
  isDescriptor,
  listsReferrer,
  mediaTypes,
  putManifest,
  readBlob,
  uploadBlob
} from "./chunk-JYQXIE4E.mjs";
import {
  objectIn,
  parseJsonObject
} from "./chunk-XBGOFGJP.mjs";
import {
  digestOf,
  formatRepository,
  hexOf
} from "./chunk-HEI324TL.mjs";
import {
  Failure,
  isObject,
  messageOf,
  oneLine,
  sbomFormats,
  sbomTypes,
  settleAll
} from "./chunk-UH7NESJ6.mjs";

// src/attest/bundle.ts
var bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
var largestBundle = 32 << 20;
var statementType = "application/vnd.in-toto+json";
function parseBundle(bytes) {
  const json = parseJsonObject(bytes, "a Sigstore bundle", { largest: largestBundle });
  const { mediaType, dsseEnvelope, verificationMaterial } = json;
  const { payload, payloadType, signatures } = isObject(dsseEnvelope) ? dsseEnvelope : {};
  const [signature] = Array.isArray(signatures) && signatures.length === 1 ? signatures : [];
  const sig = isObject(signature) ? signature.sig : void 0;
  const isStatement = mediaType === bundleType && payloadType === statementType;
  if (!isStatement || typeof payload !== "string" || typeof sig !== "string") {
    throw new Failure("Cannot read a Sigstore bundle: it is not one of version 0.3 with one signed in-toto statement.");
  }
  const { certificate } = isObject(verificationMaterial) ? verificationMaterial : {};
  const { rawBytes } = isObject(certificate) ? certificate : {};
  return {
    statement: Buffer.from(payload, "base64"),
    signature: Buffer.from(sig, "base64"),
    certificate: typeof rawBytes === "string" ? Buffer.from(rawBytes, "base64") : void 0
  };
}
function signedBytes(statement) {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${statementType.length} ${statementType} ${statement.length} `),
    statement
  ]);
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
  if (!await listsReferrer(client, subject.digest, digest))
    await listUnderTag(client, subject, { manifest, artifact });
  return digest;
}
async function expectAttached(client, subject, digest) {
  const listed = await allReferrers(client, subject.digest);
  if (!listed.some((referrer) => referrer.digest === digest)) {
    throw new Failure(
      `Cannot find what was attached to ${nameOf(client, subject)}: the registry does not list ${digest}. Run the step again.`
    );
  }
  const layer = await readLayer(client, digest);
  if (layer !== void 0) await readBlob(client, layer, largestArtifact);
}
async function* readAttached(client, subject, type) {
  for await (const { read } of findAttached(client, subject, [type])) {
    const bytes = await read();
    if (bytes !== void 0) yield bytes;
  }
}
async function* findAttached(client, subject, types) {
  const listed = await allReferrers(client, subject);
  const wanted = listed.filter(({ artifactType }) => artifactType === void 0 || types.includes(artifactType));
  for (const { digest } of wanted.slice(0, mostRead)) {
    const layer = await unlessGone(readLayer(client, digest));
    if (layer === void 0 || !types.includes(layer.mediaType) || layer.size > largestArtifact) continue;
    yield { type: layer.mediaType, read: () => unlessGone(readBlob(client, layer, largestArtifact)) };
  }
}
async function unlessGone(reading) {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404) return void 0;
    throw error;
  }
}
async function readLayer(client, digest) {
  const { layers } = parseJsonObject(await getManifest(client, digest), `the manifest ${digest}`);
  const [layer, ...others] = Array.isArray(layers) ? layers : [];
  return isDescriptor(layer) && others.length === 0 ? layer : void 0;
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
  outcomes.push(
    ...ofIndex.map((one) => outcomeOf({ ...one, format: void 0 }, { platform: "the index", ...promotion }))
  );
  const linesOf = (isCarried) => {
    const lines = outcomes.filter((one) => one.isCarried === isCarried).map(({ line }) => line);
    return [...new Set(lines)].sort();
  };
  return {
    sboms: all.map(
      (attached) => attached.flatMap(({ format, fault, read }) => format && fault === void 0 ? [{ format, read }] : [])
    ),
    over: linesOf(true),
    left: linesOf(false)
  };
}
async function readAllAttached(client, digest, promotion) {
  const all = [];
  const types = [bundleType, ...sbomFormats.map((format) => sbomTypes[format].mediaType)];
  for await (const document of findAttached(client, digest, types)) {
    const one = await examine(document, digest, promotion);
    const isSecond = all.some(({ format, fault }) => format === one?.format && fault === void 0);
    if (one !== void 0)
      all.push({ ...one, fault: one.fault ?? (isSecond ? "another one is carried over" : void 0) });
  }
  return all;
}
async function examine(attached, digest, { verifier, signs }) {
  const read = async () => {
    const bytes2 = await attached.read();
    const sbom2 = bytes2 && statedIn(attached.type, bytes2, digest)?.sbom;
    if (sbom2 !== void 0) return sbom2.document;
    throw new Failure(`Cannot read an SBOM that was attached to ${digest}: it is gone. Run the step again.`);
  };
  const unsigned = verifier === void 0 ? "nobody has to have signed it; set require-signed" : `it is not signed by ${verifier.name}`;
  const format = formatOf(attached.type);
  if (format !== void 0 && (verifier !== void 0 || signs)) {
    return { type: attached.type, format, fault: unsigned, read };
  }
  const bytes = await attached.read();
  const stated = bytes && statedIn(attached.type, bytes, digest);
  if (bytes === void 0 || stated === void 0) return void 0;
  const { type, sbom } = stated;
  const isSigned = format !== void 0 || verifier !== void 0 && hasSigned(verifier, bytes);
  const fault = isSigned ? await faultIn(sbom) : unsigned;
  return { type, format: sbom?.format, fault, read };
}
function statedIn(mediaType, bytes, digest) {
  const ofUnsigned = formatOf(mediaType);
  if (ofUnsigned !== void 0) {
    const document = objectIn(bytes, { largest: bytes.length });
    return { type: mediaType, sbom: { format: ofUnsigned, document } };
  }
  try {
    const { predicateType: type, predicate } = statementAbout(digest, bytes);
    const format = sbomFormats.find((one) => sbomTypes[one].predicateType === type);
    return { type, sbom: format && { format, document: predicate } };
  } catch {
    return void 0;
  }
}
function formatOf(mediaType) {
  return sbomFormats.find((format) => sbomTypes[format].mediaType === mediaType);
}
async function faultIn(sbom) {
  if (sbom === void 0) return void 0;
  const { isOwn } = await import("./chunk-DUZ6QWNS.mjs");
  return isOwn(sbom.format, sbom.document) ? void 0 : "another program made it";
}
function hasSigned({ verify }, bundle) {
  try {
    verify(bundle);
    return true;
  } catch {
    return false;
  }
}
function outcomeOf({ type, format, fault }, { platform, signs, provenance }) {
  const left = (name, why) => ({ isCarried: false, line: `${name}: ${why}` });
  const over = (name, how) => ({ isCarried: true, line: `${name}: ${how}` });
  if (format !== void 0) {
    const name = `${format} of ${platform}`;
    return fault === void 0 ? over(name, signs ? "signed by this step" : "unsigned") : left(name, fault);
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
  bundleType,
  largestBundle,
  statementType,
  parseBundle,
  signedBytes,
  predicateTypes,
  formatStatement,
  claimsSame,
  attachArtifact,
  expectAttached,
  readAttached,
  findAttached,
  readStatements,
  lackOfSignature,
  readCarried,
  statedIn
};
