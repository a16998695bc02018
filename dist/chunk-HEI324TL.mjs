const { createHash } = globalThis.process.getBuiltinModule("node:crypto");
import {
  Failure
} from "./chunk-UH7NESJ6.mjs";

// src/oci/digest.ts
function parseDigest(text, description) {
  if (typeof text === "string" && isDigest(text)) return text;
  throw new Failure(`Cannot read ${description}: ${JSON.stringify(text)} is not a digest (sha256: and 64 hex digits).`);
}
function isDigest(text) {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}
function digestOf(bytes) {
  return digestOfHash(createHash("sha256").update(bytes));
}
function digestOfHash(hash) {
  return `sha256:${hash.digest("hex")}`;
}
function hexOf(digest) {
  return digest.slice("sha256:".length);
}

// src/oci/reference.ts
var pathComponent = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
var pathPattern = new RegExp(`^${pathComponent}(?:/${pathComponent})*$`);
var hostPattern = /^(?:\[[0-9a-fA-F:]+\]|(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*)(?::[0-9]+)?$/;
var tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
var longestName = 255;
function parseReference(text) {
  const fail = (why) => new Failure(`Cannot use the tag "${text}": ${why}`);
  if (text.includes("@")) throw fail("a push needs a tag, not a digest. Write NAME:TAG.");
  const colon = text.lastIndexOf(":");
  const hasTag = colon > text.lastIndexOf("/");
  const name = hasTag ? text.slice(0, colon) : text;
  const tag = hasTag ? text.slice(colon + 1) : "latest";
  if (!tagPattern.test(tag)) {
    throw fail('a tag has 1 to 128 letters, digits, "_", "." and "-", and does not start with "." or "-".');
  }
  return { ...checkedName(name, { fail, form: "[HOST/]PATH[:TAG], as in ghcr.io/acme/app:1.2", tag: `:${tag}` }), tag };
}
function parseRepository(text) {
  const fail = (why) => new Failure(`Cannot use the image name "${text}": ${why}`);
  if (text.includes("@") || text.lastIndexOf(":") > text.lastIndexOf("/"))
    throw fail("it has a tag or a digest. Write only the name here, and tags in the input tags.");
  return checkedName(text, { fail, form: "[HOST/]PATH, as in ghcr.io/acme/app", tag: "" });
}
function checkedName(name, { fail, form, tag }) {
  const repository = splitName(name);
  if (!isRegistryHost(repository.host)) throw fail(`"${repository.host}" is not a registry host.`);
  if (repository.path !== repository.path.toLowerCase()) {
    throw fail(`repository names are lower-case; write "${name.toLowerCase()}${tag}".`);
  }
  if (!pathPattern.test(repository.path)) throw fail(`it is not of the form ${form}.`);
  if (name.length > longestName) throw fail(`repository names have at most ${longestName} characters.`);
  return repository;
}
function parseImageName(text) {
  const at = text.indexOf("@");
  const digest = text.slice(at + 1);
  if (at >= 0 && !isDigest(digest)) throw new Failure(`Cannot use the image "${text}": "${digest}" is not a digest.`);
  const { tag, ...repository } = parseReference(at < 0 ? text : text.slice(0, at));
  return { ...repository, name: at < 0 ? tag : digest };
}
function splitName(name) {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = first === "localhost" || /[.:]/.test(first);
  const host = isHost ? first : "docker.io";
  const path = isHost ? name.slice(slash + 1) : name;
  if (host === "index.docker.io") return splitName(`docker.io/${path}`);
  return { host, path: host === "docker.io" && !path.includes("/") ? `library/${path}` : path };
}
function isTag(text) {
  return tagPattern.test(text);
}
function isRegistryHost(text) {
  return hostPattern.test(text);
}
function formatRepository({ host, path }) {
  return `${host}/${path}`;
}
function formatReference(reference) {
  return `${formatRepository(reference)}:${reference.tag}`;
}

export {
  parseDigest,
  isDigest,
  digestOf,
  digestOfHash,
  hexOf,
  parseReference,
  parseRepository,
  parseImageName,
  isTag,
  isRegistryHost,
  formatRepository,
  formatReference
};
