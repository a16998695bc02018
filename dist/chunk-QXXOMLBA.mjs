const { lstat, stat } = globalThis.process.getBuiltinModule("node:fs/promises");
const { setTimeout: sleep } = globalThis.process.getBuiltinModule("node:timers/promises");
const { cpus } = globalThis.process.getBuiltinModule("node:os");
const { join } = globalThis.process.getBuiltinModule("node:path");
const { createHash } = globalThis.process.getBuiltinModule("node:crypto");
const { mkdir, writeFile } = globalThis.process.getBuiltinModule("node:fs/promises");
const { dirname } = globalThis.process.getBuiltinModule("node:path");
const { pipeline } = globalThis.process.getBuiltinModule("node:stream/promises");
const { randomUUID } = globalThis.process.getBuiltinModule("node:crypto");
const { mkdir: mkdir2, open, readdir, rename, rm } = globalThis.process.getBuiltinModule("node:fs/promises");
const { dirname: dirname2, join: join2 } = globalThis.process.getBuiltinModule("node:path");
const { pipeline: pipeline2 } = globalThis.process.getBuiltinModule("node:stream/promises");
import {
  compareConfigs
} from "./chunk-BCOIIFZD.mjs";
import {
  attachArtifact,
  bundleType,
  claimsSame,
  expectAttached,
  formatStatement,
  lackOfSignature,
  parseBundle,
  predicateTypes,
  readAttached,
  readCarried,
  readStatements
} from "./chunk-DOBU3S46.mjs";
import {
  baseImageName,
  checkDescriptor,
  checkDiffId,
  checkVersion,
  confirmLayer,
  createMeter,
  describeFile,
  drain,
  indexArchive,
  isPassedOn,
  labelImage,
  openLayer,
  openLayoutDirectory,
  openLayoutImages,
  openTar,
  openVerifier,
  packLayer,
  parseDescriptor,
  readBlob as readBlob2,
  readConfig,
  readLocalFlake,
  readManifest,
  readMembers,
  readStored,
  recallResult,
  remoteImageOf,
  reuseLayer,
  shapeOf,
  showReading,
  splitPaths,
  watchLayer
} from "./chunk-XL7E7YGZ.mjs";
import {
  RegistryError,
  UnknownReferrers,
  blobOf,
  byRepository,
  checkImage,
  checkMayPush,
  contentsInHistory,
  deleteTags,
  findManifest,
  getManifest,
  hasBlob,
  isDenied,
  isDescriptor,
  isSameRepository,
  isUnknownContent,
  layerEncoding,
  layerFactsOf,
  manifestBlob,
  manifestBlobOf,
  mediaTypes,
  openBlob,
  openClient,
  openLogin,
  openTagStore,
  putManifest,
  readBlob,
  readManifestIfThere,
  readWholeFile,
  readsAtATime,
  sortedAnnotations,
  uploadBlob,
  withBlobsKept
} from "./chunk-JYQXIE4E.mjs";
import {
  describeReuse,
  formatDifference,
  layerLines,
  packageLines,
  plain,
  savingText,
  span
} from "./chunk-BZDVR7SU.mjs";
import {
  describeOnly,
  describeRun,
  readTexts,
  toTag
} from "./chunk-ZWG43C65.mjs";
import {
  compareImages,
  sizeOfLayers
} from "./chunk-KDJ5XFQM.mjs";
import {
  formatPackage,
  nameLayer,
  packagesBySize
} from "./chunk-7IH7JYJA.mjs";
import {
  applyRules,
  createdOf,
  diffIdsOf,
  formatFinding,
  labelsOf,
  listFacts,
  parseConfig,
  platformOf,
  withDiffIds,
  withKnownFindings
} from "./chunk-QGRX4KWZ.mjs";
import {
  describeGaps
} from "./chunk-MAQ7ADOM.mjs";
import {
  GitHubError,
  annotationsOf,
  closestTo,
  defaultCompression,
  efficiencyOf,
  expectToCompress,
  isPath,
  isSamePlatform,
  keysNotAllowed,
  largestJson,
  normalizePlatform,
  objectIn,
  openGitHubApi,
  openTransport,
  parseJson,
  parseJsonObject,
  parsePlatform,
  rules,
  withoutKeys
} from "./chunk-XBGOFGJP.mjs";
import {
  digestOf,
  formatReference,
  formatRepository,
  hexOf,
  isDigest,
  parseImageName,
  parseReference
} from "./chunk-HEI324TL.mjs";
import {
  Failure,
  createPool,
  findProgram,
  formatDuration,
  formatSize,
  hasCode,
  inBackground,
  isObject,
  messageOf,
  oneLine,
  printable,
  runProgram,
  sbomOf,
  sbomTypes,
  sentence,
  settleAll,
  withoutLogins
} from "./chunk-UH7NESJ6.mjs";

// src/stages/build/is-prebuilt.ts
function isPrebuilt({ builds: [first] }) {
  return first?.source.kind === "path";
}

// src/stages/cleanup.ts
async function cleanUp(described, { runtime, access }) {
  const [{ inputs, metadata }] = described;
  const references = described.flatMap((one) => one.metadata.references);
  if (references.length === 0) {
    throw new Failure(
      "Cannot clean up: tags gives no reference for this event. Give references, or images and a rule for the event, such as type=ref,event=pr."
    );
  }
  const { dryRun } = inputs;
  const all = [];
  for (const tags of byRepository(references)) {
    const [repository] = tags;
    const { client, tagStore } = await openTagStore(repository, { runtime, access });
    const names = [...new Set(tags.map(({ tag }) => tag))];
    all.push(await deleteTags(names, { client, tagStore, dryRun, log: runtime.log }));
  }
  const [deleted, kept] = [all.flatMap((one) => one.deleted), all.flatMap((one) => one.kept)];
  return { metadata, deleted, kept, dryRun };
}
function asPullRequest(runtime) {
  const { pullRequest } = runtime.context;
  if (pullRequest === void 0) return runtime;
  return { ...runtime, context: { ...runtime.context, ref: `refs/pull/${pullRequest}/merge` } };
}

// src/github/edit-comment.ts
var mostTries = 4;
async function editComment(api, edit) {
  const base = `repos/${edit.repository.split("/").map(encodeURIComponent).join("/")}/issues`;
  const login = await readLogin(api, edit.apiUrl);
  let created;
  for (let tried = 0; tried < mostTries; tried++) {
    const [first, ...extras] = withCreated(
      await listOwn(api, `${base}/${edit.pullRequest}/comments`, { edit, login }),
      created
    );
    const body = edit.edit([first, ...extras].flatMap((one) => one?.body ?? []));
    if (first === void 0) {
      created = parseComment(await api.request("POST", `${base}/${edit.pullRequest}/comments`, { body }));
      continue;
    }
    if (first.body === body && extras.length === 0) return first.url;
    if (first.body !== body) await api.request("PATCH", `${base}/comments/${first.id}`, { body });
    for (const { id } of extras) await remove(api, `${base}/comments/${id}`);
    created = void 0;
  }
  return created?.url;
}
function withCreated(own, created) {
  const isMissing = created !== void 0 && own.every(({ id }) => id !== created.id);
  return [...own, ...isMissing ? [created] : []].sort((a, b) => a.id - b.id);
}
async function listOwn(api, path, { edit, login }) {
  const own = [];
  for await (const page of api.pages(`${path}?per_page=100`)) {
    for (const item of Array.isArray(page) ? page : []) {
      const comment = parseComment(item);
      if (comment?.body.startsWith(edit.marker) && isBy(item, login)) own.push(comment);
    }
  }
  return own;
}
async function readLogin(api, apiUrl) {
  const path = /\/api\/v3\/?$/.test(apiUrl) ? "../graphql" : "graphql";
  try {
    const answer = await api.request("POST", path, { query: "query { viewer { login } }" });
    const data = isObject(answer) && isObject(answer.data) ? answer.data : {};
    return loginOf(data.viewer);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return loginOf(await api.get("user"));
  }
}
function loginOf(account) {
  const { login } = isObject(account) ? account : {};
  return typeof login === "string" ? login : "";
}
function isBy(comment, login) {
  const { login: author, type } = isObject(comment) && isObject(comment.user) ? comment.user : {};
  return login !== "" && (author === login || type === "Bot" && author === `${login}[bot]`);
}
function parseComment(item) {
  const { id, body, html_url: url } = isObject(item) ? item : {};
  if (typeof id !== "number" || typeof body !== "string" || typeof url !== "string") return void 0;
  return { id, body, url };
}
async function remove(api, path) {
  try {
    await api.request("DELETE", path);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
function isNotFound(error) {
  return error instanceof GitHubError && error.status === 404;
}

// src/github/find-pull-request.ts
async function findPullRequest(api, repository, head) {
  const [owner = ""] = head.repository.split("/");
  const query = new URLSearchParams({ state: "open", head: `${owner}:${head.branch}`, per_page: "100" });
  const answer = await api.get(`repos/${repository.split("/").map(encodeURIComponent).join("/")}/pulls?${query}`);
  const found = (Array.isArray(answer) ? answer : []).flatMap((item) => parsePullRequest(item, head) ?? []);
  return found.length === 1 ? found[0] : void 0;
}
function parsePullRequest(item, { repository, sha }) {
  const { number, head, base } = isObject(item) ? item : {};
  if (typeof number !== "number" || !isObject(head) || head.sha !== sha) return void 0;
  if (!isObject(head.repo) || head.repo.full_name !== repository) return void 0;
  return { number, baseRef: isObject(base) && typeof base.ref === "string" ? base.ref : void 0 };
}

// src/report/image-summary.ts
function summarizeImage({ config, platform, layers }) {
  const contents = contentsInHistory(config, layers.length);
  return { platform, layers: layers.map(({ descriptor }, i) => ({ descriptor, contents: contents[i] })) };
}

// src/report/preview-comment.ts
var commentMarker = "<!-- nix-image-action -->";
var mostCommentCharacters = 65536;
function renderSection(preview) {
  const { repository, name, references, digest, images, base, revision, runUrl } = preview;
  const image = `${formatRepository(repository)}@${digest}`;
  const key = name === void 0 ? formatRepository(repository) : `${formatRepository(repository)} ${plain(name)}`;
  const built = revision === void 0 ? [] : [`Built from ${shortRevision(plain(revision))}.`];
  const tags = references.length === 0 ? [] : [`Tags: ${references.map((one) => span(formatReference(one))).join(", ")}.`];
  const link = runUrl === void 0 ? [] : [`[Run](${encodeURI(runUrl)})`];
  const lines = [
    `### Container image ${span(name ?? repository.path)}`,
    "",
    "```sh",
    `docker pull ${image}`,
    `docker run --rm ${image}`,
    "```",
    "",
    ...findingLines(preview),
    ...images.flatMap((one) => platformLines(one, base)),
    [...tags, ...built, ...workTexts(preview), ...timeTexts(preview), ...link].join(" ")
  ];
  return { key, text: lines.join("\n") };
}
function withSection(body, { key, text }) {
  const sections = new Map(sectionsOf(body)).set(key, text);
  const others = [...sections.keys()].filter((name) => name !== key);
  const lengthOf = (name) => sections.get(name)?.length ?? 0;
  for (const name of [key, ...others.sort((a, b) => lengthOf(b) - lengthOf(a))]) {
    if (bodyOf(sections).length <= mostCommentCharacters) break;
    sections.set(name, withoutLists(sections.get(name) ?? ""));
  }
  let left = 0;
  for (const name of others) {
    if (bodyOf(sections, left).length <= mostCommentCharacters) break;
    sections.delete(name);
    left++;
  }
  return bodyOf(sections, left);
}
function bodyOf(sections, left = 0) {
  const sorted = [...sections].sort(([a], [b]) => a < b ? -1 : 1);
  return [
    commentMarker,
    ...sorted.map(([name, section]) => `${begin(name)}
${section}
${end(name)}`),
    ...left === 0 ? [] : [`${left} more images are left out: ${commentLimit}`]
  ].join("\n\n");
}
var commentLimit = "GitHub accepts comments of at most 65,536 characters.";
function withoutLists(section) {
  const short = section.replaceAll(/^<details>\n[\s\S]*?^<\/details>\n\n?/gm, "");
  return short === section ? section : `${short}

Packages and layers are left out: ${commentLimit}`;
}
function sectionsOf(body) {
  const pattern = /^<!-- nix-image-action begin (.+) -->\n([\s\S]*?)\n<!-- nix-image-action end \1 -->$/gm;
  return new Map(
    [...body.replaceAll("\r\n", "\n").matchAll(pattern)].map(([, key = "", text = ""]) => [key, text])
  );
}
var begin = (key) => `<!-- nix-image-action begin ${key} -->`;
var end = (key) => `<!-- nix-image-action end ${key} -->`;
function workTexts({ work, cache }) {
  if (work === void 0) return [];
  const restored = cache === void 0 ? "" : `, ${cache.restoredPaths} restored from the store cache`;
  return [`Store paths: ${work.built} built, ${work.substituted} fetched${restored}.`];
}
function timeTexts({ stages = [] }) {
  const times = stages.map(({ name, milliseconds }) => `${name} ${formatDuration(milliseconds)}`);
  return times.length === 0 ? [] : [`Time: ${times.join(", ")}.`];
}
function findingLines({ findings = [] }) {
  const broken = [...new Set(findings.map(({ rule }) => rule))];
  if (broken.length === 0) return [];
  return [
    `**Check**: the image breaks ${broken.length === 1 ? "a rule" : `${broken.length} rules`}.`,
    "",
    ...broken.map((rule) => `- ${span(rule)}: ${rules[rule].reason}`),
    ""
  ];
}
var mostNames = 5;
function largestLines({ layers }) {
  const largest = packagesBySize(layers).slice(0, mostNames);
  const names = largest.flatMap(
    (one) => one.size === void 0 ? [] : [`${span(formatPackage(one))} ${formatSize(one.size)}`]
  );
  return names.length === 0 ? [] : [`Largest packages, unpacked: ${names.join(", ")}.`, ""];
}
function platformLines(image, base) {
  const size = formatSize(sizeOfLayers(image));
  const title = `**${span(image.platform)}**: ${size} in ${image.layers.length} layers`;
  const before = base?.images.find((one) => one.platform === image.platform);
  if (base === void 0 || before === void 0) {
    return [
      `${title}. The base branch has no image to compare with.`,
      "",
      ...largestLines(image),
      ...layerLines(image.layers, "Layers")
    ];
  }
  const changes = compareImages(before, image);
  return [
    `${title}, ${formatDifference(changes.size)} against ${span(formatReference(base.reference))}.`,
    "",
    ...largestLines(image),
    ...packageLines(changes),
    ...layerLines(changes.newLayers, "New layers")
  ];
}
function shortRevision(revision) {
  return `${revision.slice(0, 12)}${revision.endsWith("-dirty") ? "-dirty" : ""}`;
}

// src/stages/comment.ts
async function commentOnPullRequest(inputs, run, context) {
  const { log } = context.runtime;
  const images = run.images.flatMap((result, i) => inputs.slice(i, i + 1).map((of) => ({ inputs: of, result, run })));
  const wanted = images.filter((image) => image.inputs.comment);
  const pushed = wanted.filter(({ result }) => result.pushed);
  if (wanted.length > pushed.length) log.info("Not commenting on images that were not pushed.");
  if (pushed.length === 0) return;
  try {
    const url = await writeComment(pushed, context);
    if (url !== void 0) log.info(`Commented: ${url}`);
  } catch (error) {
    const advice = adviceFor(error, context.runtime.context);
    log.warning(`Cannot comment on the pull request: ${messageOf(error)}${advice}`);
  }
}
function adviceFor(error, { isRestricted }) {
  const isRefused = error instanceof GitHubError && [403, 404].includes(error.status) && error.retryAfter === void 0;
  if (!isRefused) return "";
  if (isRestricted) return " Pull requests from forks and by Dependabot get a read-only token.";
  return ' Add "permissions: pull-requests: write" to the job.';
}
async function writeComment(images, context) {
  const { runtime, access } = context;
  const { repository, apiUrl } = runtime.context;
  if (!isForPullRequest(runtime.context)) {
    runtime.log.info("Not commenting: the run is not for a pull request.");
    return void 0;
  }
  if (repository === void 0 || apiUrl === void 0) {
    throw new Failure("comments are written on GitHub, Gitea and Forgejo only.");
  }
  const token = images[0]?.inputs.githubToken;
  if (token === void 0) throw new Failure("github-token is not set.");
  const api = openGitHubApi({ apiUrl, token, send: access.transport.send, log: runtime.log });
  const pullRequest = await pullRequestOf(runtime.context, api, repository);
  if (pullRequest === void 0) {
    const { sha = "the commit of the triggering run" } = runtime.context.triggeringRun ?? {};
    runtime.log.info(`Not commenting: there is no open pull request at ${sha}, or more than one.`);
    return void 0;
  }
  const previews = [];
  for (const image of images) previews.push(await readPreview(image, pullRequest, context));
  const sections = previews.map(renderSection);
  return editComment(api, {
    repository,
    pullRequest: pullRequest.number,
    apiUrl,
    marker: commentMarker,
    edit: (bodies) => {
      const there = bodies.flatMap((body) => [...sectionsOf(body)].map(([key, text]) => ({ key, text })));
      return [...there, ...sections].reduce(withSection, "");
    }
  });
}
function isForPullRequest({ pullRequest, triggeringRun }) {
  return pullRequest !== void 0 || /^pull_request/.test(triggeringRun?.eventName ?? "");
}
async function pullRequestOf({ pullRequest, baseRef, triggeringRun = {} }, api, own) {
  if (pullRequest !== void 0) return { number: pullRequest, baseRef };
  const { repository, branch, sha } = triggeringRun;
  if (repository === void 0 || branch === void 0 || sha === void 0) return void 0;
  return findPullRequest(api, own, { repository, branch, sha });
}
async function readPreview({ inputs, result, run }, { baseRef }, { runtime, access }) {
  const { name, root, references, repositories, platforms, findings } = result;
  const [repository] = repositories;
  if (repository === void 0) throw new Failure("the image was pushed nowhere.");
  const { context } = runtime;
  const revision = platforms[0]?.labels["org.opencontainers.image.revision"] ?? context.revision;
  const base = await readBase(baseReferences(inputs, repository, baseRef), { runtime, access });
  return {
    ...{ repository, name, references, digest: root.digest, images: platforms },
    ...{ base, revision, work: run.work, cache: run.cache, stages: run.stages, findings, runUrl: context.runUrl }
  };
}
function baseReferences({ reuseFrom }, { host, path }, baseRef) {
  const tags = [toTag(baseRef ?? ""), "latest"].filter((tag) => tag !== void 0);
  return [...reuseFrom.slice(0, 1), ...tags.map((tag) => ({ host, path, tag }))];
}
async function readBase(references, { runtime, access }) {
  for (const reference of references) {
    try {
      const client = await openClient(reference, { ...access, actions: "pull", mountSources: [] });
      const manifest = await findManifest(client, reference.tag);
      if (manifest === void 0) continue;
      return { reference, images: await readSummaries(reference, digestOf(manifest.bytes), access) };
    } catch (error) {
      runtime.log.info(`Not compared with ${formatReference(reference)}: ${messageOf(error)}`);
    }
  }
  return void 0;
}
async function readSummaries(repository, name, access) {
  const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
  return (await readStored(client, name)).images.map(summarizeImage);
}

// src/stages/describe/as-triggering-run.ts
function asTriggeringRun(runtime) {
  const { commitTime: _, checkoutTime: __, ...context } = runtime.context;
  const sha = context.triggeringRun?.sha;
  return sha === void 0 ? runtime : { ...runtime, context: { ...context, revision: sha, sha } };
}

// src/image/oci-layout/open-layout-files.ts
async function openLayoutFiles(path, { isTrusted }) {
  const description = `the OCI layout ${path}`;
  const facts = await factsOf(path, isTrusted ? stat : lstat);
  if (facts.isDirectory()) return openLayoutDirectory(path, description, isTrusted ? "store" : "none");
  if (facts.isSymbolicLink()) throw new Failure(`Cannot use ${description}: it is a symlink. Name the layout itself.`);
  if (facts.isFile() && shapeOf(path) === "tar") {
    return indexArchive(path, description, { followsLinks: isTrusted });
  }
  const found = facts.isFile() ? describeFile(path) : "neither a file nor a directory";
  throw new Failure(`Cannot use ${description}: it is ${found}. Name a directory or an uncompressed tar archive.`);
}
async function factsOf(path, look) {
  try {
    return await look(path);
  } catch (cause) {
    if (!hasCode(cause, "ENOENT", "ENOTDIR")) throw cause;
    throw new Failure(`Cannot open the OCI layout ${path}: the file does not exist.`, { cause });
  }
}

// src/registry/content/await-manifest.ts
async function awaitManifest(client, tag, { pause, longest, now }) {
  const end2 = now() + longest;
  while (now() < end2) {
    await sleep(pause);
    if (await findManifest(client, tag) !== void 0) return true;
  }
  return false;
}

// src/stages/verify/expect-signed.ts
async function expectSigned(client, { name, input, verifier, log }) {
  const digest = digestOf(await getManifest(client, name));
  const repository = formatRepository(client.repository);
  const full = isDigest(name) ? `${repository}@${digest}` : `${repository}:${name} (${digest})`;
  const lack = lackOfSignature(await readStatements(client, digest, verifier));
  if (lack !== void 0) {
    throw new Failure(
      `Cannot use ${input}: ${full} is not signed by ${verifier.name}: ${lack}. Sign the image where it is pushed, or correct ${input} or ${verifier.input}. Nothing was pushed.`
    );
  }
  log.info(`${input}: ${full} is signed by ${verifier.name}`);
  return digest;
}

// src/stages/open/open-promoted.ts
var usualPatience = { pause: 15e3, longest: 9e5 };
async function openPromoted(publications, context, patience = usualPatience) {
  const { runtime } = context;
  const ready = [];
  for (const publication of publications) {
    const { inputs, metadata } = publication;
    const { index, images, others, promoted } = await openFrom(inputs, context, patience);
    if (others > 0) {
      runtime.log.notice(`Attestations are not copied (${others}): they describe the images before promotion.`);
    }
    const platforms = images.map((image, i) => ({
      ...labelImage(withBlobsKept(image), metadata, { inputs, meta: void 0, runtime }),
      carried: promoted?.carried.sboms[i]
    }));
    ready.push({ ...publication, platforms, promoted, index: inputs.platforms.length === 0 ? index : void 0 });
  }
  return ready;
}
async function openFrom(inputs, context, patience) {
  const { runtime, access } = context;
  const { from, platforms, imageName } = inputs;
  const [platform] = platforms;
  if (from === void 0) throw new TypeError("from is set in mode promote.");
  if ("layout" in from) {
    const files = await openLayoutFiles(runtime.resolve(from.layout), { isTrusted: true });
    const choice = {
      ...imageName === void 0 ? {} : { imageName },
      ...platform === void 0 ? {} : { platform }
    };
    return openLayoutImages(files, choice);
  }
  const client = await openClient(from, { ...access, actions: "pull", mountSources: [] });
  await expectImage(client, from.name, { runtime, patience });
  const verifier = await openVerifier(inputs, runtime);
  const demanded = { name: from.name, input: "from", log: runtime.log };
  const name = verifier === void 0 ? from.name : await expectSigned(client, { ...demanded, verifier });
  const stored = await readStored(client, name, platform);
  const { digest, index, images, others } = stored;
  runtime.log.info(`From ${formatRepository(from)}@${digest}`);
  for (const { config, manifest } of images) {
    const own = platformOf(config);
    runtime.log.info(`${own}: ${manifest.descriptor.digest}`);
    if (platform === void 0 || closestTo(platform, [own], (one) => one).length > 0) continue;
    throw new Failure(`Cannot promote ${formatRepository(from)}@${digest} for ${platform}: it is for ${own}.`);
  }
  const { signer, provenance } = inputs.attest;
  const carried = await readCarried(client, stored, { verifier, signs: signer !== void 0, provenance });
  const promoted = { image: { name: formatRepository(from), digest }, carried };
  return { index, images: images.map(remoteImageOf), others, promoted };
}
var eventsOfTags = ["push", "create", "release"];
async function expectImage(client, name, { runtime: { context, log, now }, patience }) {
  if (await findManifest(client, name) !== void 0) return;
  const description = `${formatRepository(client.repository)}${isDigest(name) ? "@" : ":"}${name}`;
  const missing = `Cannot promote ${description}: the image does not exist`;
  if (isDigest(name) || !eventsOfTags.includes(context.eventName)) {
    throw new Failure(`${missing}. Check from, or push the image first.`);
  }
  const minutes = Math.ceil(patience.longest / 6e4);
  log.notice(`${description} does not exist yet. Waiting up to ${minutes} min for the run that pushes it.`);
  if (await awaitManifest(client, name, { ...patience, now })) return;
  throw new Failure(
    `${missing}, after ${minutes} min of waiting. Check from and the job that pushes the image, and run this job again.`
  );
}

// src/image/oci-layout/open-untrusted-layout.ts
var mostImages = 32;
var mostLayers = 127;
async function openUntrustedLayout(files, platforms) {
  await checkVersion(files);
  const index = await files.read("index.json", largestJson);
  const roots = distinct(readList(index, `index.json of ${files.description}`));
  const [root] = roots;
  if (root === void 0 || roots.length > 1) {
    throw new Failure(
      `Cannot use ${files.description}: it contains ${roots.length} images or indexes; exactly one is allowed.`
    );
  }
  const isIndex = root.mediaType === mediaTypes.index;
  const manifests = isIndex ? await readIndex(files, root) : [root];
  const images = [];
  for (const manifest of manifests) images.push(await openImage(files, manifest, platforms));
  expectPlatformsOnce(images, files);
  return { images, others: 0, ...isIndex ? { index: { annotations: {} } } : {} };
}
function expectPlatformsOnce(images, { description }) {
  const platforms = images.map(({ config }) => normalizePlatform(platformOf(config)));
  const twice = platforms.find((platform, i) => platforms.indexOf(platform) !== i);
  if (twice !== void 0) throw new Failure(`Cannot use ${description}: it contains two images for ${twice}.`);
}
async function readIndex(files, root) {
  const description = `the index ${root.digest} of ${files.description}`;
  const manifests = distinct(readList(await readSmall(files, root, "index"), description));
  if (manifests.length > 0 && manifests.length <= mostImages) return manifests;
  throw new Failure(`Cannot use ${description}: it lists ${manifests.length} images; 1 to ${mostImages} are allowed.`);
}
async function openImage(files, descriptor, platforms) {
  const description = `the image ${descriptor.digest} of ${files.description}`;
  const fail = (why) => new Failure(`Cannot use ${description}: ${why}.`);
  if (descriptor.mediaType !== mediaTypes.manifest)
    throw fail(`the index lists it with the media type ${descriptor.mediaType}`);
  checkSmall(descriptor, "manifest", files);
  const manifest = await readManifest(files, descriptor);
  checkSmall(manifest.config, "config", files);
  if (manifest.config.mediaType !== mediaTypes.config)
    throw fail(`its config has the media type ${manifest.config.mediaType}`);
  const { layers } = manifest;
  if (layers.length > mostLayers) throw fail(`it has ${layers.length} layers, more than the limit of ${mostLayers}`);
  const config = await readConfig(files, manifest);
  const platform = platformOf(config);
  if (!platforms.some((allowed) => isSamePlatform(allowed, platform))) {
    throw fail(
      `it is for ${JSON.stringify(platform)}; allowed: ${platforms.join(", ")}. Set the input platform to the platforms that may be pushed`
    );
  }
  const diffIds = diffIdsOf(config) ?? [];
  if (diffIds.length !== layers.length)
    throw fail(`it lists ${layers.length} layers, but its config lists ${diffIds.length} diff_ids`);
  return { config, layers: layers.map((layer, i) => openLayer(files, layer, diffIds[i])) };
}
function readList(bytes, description) {
  const { manifests } = parseJsonObject(bytes, description);
  if (!Array.isArray(manifests)) throw new Failure(`Cannot read ${description}: its "manifests" is not a list.`);
  return manifests.map((item, i) => parseDescriptor(item, `"manifests[${i}]" of ${description}`));
}
function distinct(descriptors) {
  return [...new Map(descriptors.map((descriptor) => [descriptor.digest, descriptor])).values()];
}
async function readSmall(files, descriptor, role) {
  checkSmall(descriptor, role, files);
  return readBlob2(files, descriptor, role);
}
function checkSmall({ digest, size }, role, { description }) {
  if (size <= largestJson) return;
  throw new Failure(
    `Cannot use ${description}: its ${role} ${digest} has ${size} bytes, more than the limit of ${largestJson}.`
  );
}

// src/pack/check-layer.ts
async function checkLayer(layer, most) {
  const tooLarge = () => new Failure(`Cannot use ${layer.description}: it exceeds the remaining limit of ${most} bytes.`);
  if ((layer.size ?? 0) > most) throw tooLarge();
  const blob = createMeter();
  const tar = createMeter();
  for await (const _ of tar.through(openTar({ ...layer, open: () => blob.through(layer.open()) }))) {
    if (tar.size() > most) throw tooLarge();
  }
  checkDescriptor(layer, { digest: blob.digest(), size: blob.size() });
  checkDiffId(layer, tar.digest());
  return tar.size();
}

// src/stages/open/open-untrusted.ts
var usualPlatforms = ["linux/amd64", "linux/arm64"];
var mostBytes = 16 * 2 ** 30;
async function openUntrusted(publications, { runtime }) {
  const ready = [];
  for (const publication of publications) {
    const { inputs, metadata } = publication;
    const files = await openLayoutFiles(runtime.resolve(pathOf(inputs)), { isTrusted: false });
    const { index, images } = await openUntrustedLayout(
      files,
      inputs.platforms.length === 0 ? usualPlatforms : inputs.platforms
    );
    for (const image of images) checkLabels(image, metadata, inputs);
    await checkLayers(images);
    runtime.log.info(`${files.description}: ${images.map(({ config }) => platformOf(config)).join(", ")}`);
    const platforms = images.map(
      (image) => labelImage(withBlobsKept(image), metadata, { inputs, meta: void 0, runtime })
    );
    ready.push({ ...publication, platforms, index });
  }
  return ready;
}
function pathOf({ builds }) {
  const source = builds[0]?.source;
  if (source?.kind === "path") return source.path;
  throw new TypeError("path is set in mode push-layout.");
}
function checkLabels({ config }, { labels, deleted }, { allowLabels, annotate }) {
  const isOurs = (key) => deleted.has(key) || annotate.includes("config") && Object.hasOwn(labels, key);
  const foreign = keysNotAllowed(labelsOf(config), allowLabels).filter((key) => !isOurs(key));
  if (foreign.length === 0) return;
  throw new Failure(
    `Cannot push the layout: its labels ${foreign.map((key) => JSON.stringify(key)).join(", ")} are not allowed. Allow them in allow-labels, or delete them with !KEY in labels.`
  );
}
async function checkLayers(images) {
  const layers = images.flatMap((image) => image.layers);
  const distinct2 = new Map(layers.map((layer) => [`${layer.descriptor?.digest} ${layer.diffId}`, layer]));
  let left = mostBytes;
  for (const layer of distinct2.values()) left -= await checkLayer(layer, left);
}

// src/oci/image-index.ts
function indexBlob(entries, annotations) {
  const sorted = entries.toSorted((a, b) => a.platform < b.platform ? -1 : 1);
  sorted.forEach(({ platform, descriptor }, i) => {
    const before = sorted.slice(0, i).find((earlier) => isSamePlatform(earlier.platform, platform));
    if (before === void 0) return;
    throw new Failure(
      `Cannot create an index: ${before.descriptor.digest} and ${descriptor.digest} are both for ${platform}. Keep one of them.`
    );
  });
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: sorted.map(({ descriptor: { mediaType, digest, size }, platform }) => ({
      mediaType,
      digest,
      size,
      platform: parsePlatform(platform, `the config of ${digest}`)
    })),
    ...sortedAnnotations(annotations)
  };
  return manifestBlobOf(json);
}

// src/attest/provenance.ts
function provenancePredicate(build2) {
  const { workflow, eventName, name, inputs, dependencies, derivations, nixVersion, rebuilt, reused, identity } = build2;
  const { server, repository, path, ref } = workflow;
  return {
    buildDefinition: {
      buildType: "https://actions.github.io/buildtypes/workflow/v1",
      externalParameters: {
        workflow: { ref, repository: `${server}/${repository}`, path },
        ...name === void 0 ? {} : { nixImage_name: name },
        nixImage_inputs: inputs
      },
      internalParameters: {
        github: {
          event_name: eventName,
          repository_id: workflow.repositoryId,
          repository_owner_id: workflow.ownerId,
          runner_environment: workflow.runnerEnvironment
        },
        ...derivations.length === 0 ? {} : { nixImage_derivations: derivations }
      },
      resolvedDependencies: dependencies
    },
    runDetails: {
      builder: {
        id: identity ?? `${server}/${repository}/${path}@${ref}`,
        ...nixVersion === void 0 ? {} : { version: { nix: nixVersion } }
      },
      metadata: {
        invocationId: workflow.invocation,
        ...rebuilt === void 0 ? {} : { nixImage_rebuiltDerivations: rebuilt },
        ...reused === void 0 ? {} : { nixImage_reusedBuild: reused }
      }
    }
  };
}

// src/attest/flake-dependencies.ts
function flakeDependencies(lock) {
  const { nodes } = objectIn(lock);
  return Object.entries(isObject(nodes) ? nodes : {}).sort(([a], [b]) => a < b ? -1 : 1).flatMap(([name, node]) => {
    const { locked } = isObject(node) ? node : {};
    return isObject(locked) ? [dependencyOf(name, locked)] : [];
  });
}
function dependencyOf(name, locked) {
  const { rev, narHash } = locked;
  return {
    name,
    uri: uriOf(locked),
    ...typeof rev === "string" ? { digest: { gitCommit: rev } } : {},
    ...typeof narHash === "string" ? { annotations: { narHash } } : {}
  };
}
var forges = { github: "github.com", gitlab: "gitlab.com", sourcehut: "git.sr.ht" };
function uriOf({ type, host, owner, repo, url, path }) {
  const forge = typeof host === "string" ? host : forges[String(type)];
  if (forge !== void 0 && typeof owner === "string" && typeof repo === "string")
    return `git+https://${forge}/${owner}/${repo}`;
  return `${String(type)}:${withoutLogins(withKnownParameters(String(url ?? path ?? "")))}`;
}
var flakeParameters = [
  ...["dir", "host", "lastModified", "narHash", "ref", "rev", "revCount"],
  ...["allRefs", "exportIgnore", "lfs", "shallow", "submodules"]
];
function withKnownParameters(url) {
  const [, place = "", query = ""] = /^([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
  const kept = query.split("&").filter((parameter) => flakeParameters.includes(parameter.split("=")[0] ?? ""));
  return [place, ...kept.length === 0 ? [] : [kept.join("&")]].join("?");
}

// src/stages/publish/read-build.ts
async function readBuild(publication, runtime) {
  const { inputs, platforms = [], built, signer, promoted } = publication;
  const { workflow, eventName = "" } = runtime.context;
  if (workflow === void 0) return void 0;
  const bases = platforms.flatMap(({ image }) => image.base ?? []);
  return {
    workflow,
    eventName,
    name: inputs.name,
    inputs: publicInputs(inputs, runtime),
    dependencies: [
      ...checkoutOf(runtime),
      ...await flakesOf(inputs, runtime),
      ...promoted === void 0 ? [] : [imageDependency("from", promoted.image)],
      ...new Map(bases.map((base) => [base.digest, imageDependency("base", base)])).values(),
      ...nixRelease(built?.nixVersion)
    ],
    derivations: built?.derivations ?? [],
    nixVersion: built?.nixVersion,
    rebuilt: built?.rebuilt,
    reused: built?.reused,
    identity: signer?.identity
  };
}
function publicInputs({ given }, { log }) {
  const clean2 = (text) => withoutLogins(log.masked(text)).replaceAll(/^.*access-tokens.*$/gm, "***");
  return Object.fromEntries(Object.entries(given).map(([name, text]) => [name, clean2(text)]));
}
function checkoutOf({ context: { repositoryUrl, ref, revision } }) {
  if (repositoryUrl === void 0 || revision === void 0) return [];
  return [{ uri: `git+${repositoryUrl}${ref === void 0 ? "" : `@${ref}`}`, digest: { gitCommit: revision } }];
}
async function flakesOf({ builds }, runtime) {
  const locks = /* @__PURE__ */ new Set();
  for (const { source } of builds) {
    if (source.kind !== "installable") continue;
    try {
      const { lock } = await readLocalFlake(source.installable, runtime.resolve);
      if (lock !== void 0) locks.add(lock);
    } catch (error) {
      runtime.log.debug(`Provenance lacks the inputs of ${source.installable}: ${String(error)}`);
    }
  }
  return [...locks].flatMap(flakeDependencies);
}
function imageDependency(name, { name: image, digest }) {
  return { name, uri: `oci://${image}`, digest: { sha256: hexOf(digest) } };
}
function nixRelease(version) {
  return version === void 0 || version === "" ? [] : [{ name: "nix", uri: `https://releases.nixos.org/nix/nix-${version}` }];
}

// src/stages/publish/attest-images.ts
async function attestImages(publications, pushed, runtime) {
  const attested = [];
  for (const [i, publication] of publications.entries()) {
    attested.push(await attestImage(publication, pushed[i], runtime));
  }
  return attested;
}
async function attestImage(publication, pushed, runtime) {
  const { signer, destination, inputs } = publication;
  if (destination.clients.length === 0 || inputs.dryRun) return pushed;
  const claims = signer === void 0 ? [] : [...await provenanceOf(publication, pushed, runtime), ...claimsOf(pushed)];
  try {
    if (signer === void 0) {
      await attachSboms(pushed, publication, runtime);
      return pushed;
    }
    for (const claim of claims) await attest(claim, { publication, signer, runtime });
    return { ...pushed, result: { ...pushed.result, attested: claims.map(({ predicateType }) => predicateType) } };
  } catch (error) {
    if (!(error instanceof AttachRefusal) || !inputs.attest.allowUnattested) throw error;
    const refusal = messageOf(error.cause);
    runtime.log.warning(`The image is pushed without attestations, as allow-unattested: true permits. ${refusal}`);
    return { ...pushed, result: { ...pushed.result, unattested: refusal } };
  }
}
function claimsOf({ root, result, sboms = [] }) {
  const bills = sboms.map(({ format, text, subject }) => {
    const { predicateType } = sbomTypes[format];
    return { predicateType, predicate: JSON.parse(text), subjects: [subject] };
  });
  return [...bills, { predicateType: predicateTypes.signature, predicate: {}, subjects: subjectsOf(root, result) }];
}
async function provenanceOf(publication, { root, result }, runtime) {
  const build2 = publication.inputs.attest.provenance ? await readBuild(publication, runtime) : void 0;
  if (build2 === void 0) return [];
  const { provenance: predicateType } = predicateTypes;
  return [{ predicateType, predicate: provenancePredicate(build2), subjects: subjectsOf(root, result) }];
}
function subjectsOf(root, { platforms }) {
  const all = [root.descriptor, ...platforms.map(({ manifest }) => manifest)];
  return [...new Map(all.map((descriptor) => [descriptor.digest, descriptor])).values()];
}
async function attest(claim, { publication, signer, runtime }) {
  const { destination, sendToGitHub } = publication;
  const [home] = destination.repositories;
  const statement = formatStatement(claim, home);
  const places = await settleAll(
    destination.clients.map((client) => searchBundle({ client, subjects: claim.subjects }, statement, signer))
  );
  const missing = places.filter(({ subjects }) => subjects.length > 0);
  if (missing.length === 0) {
    runtime.log.info(`${claim.predicateType}: already attached`);
    return;
  }
  const found = places.find(({ bundle: bundle2 }) => bundle2 !== void 0)?.bundle;
  const bundle = found ?? await signer.sign(statement);
  if (found === void 0) await sendToGitHub?.(bundle);
  const artifact = {
    content: blobOf(bundle, bundleType),
    annotations: {
      "dev.sigstore.bundle.content": "dsse-envelope",
      "dev.sigstore.bundle.predicateType": claim.predicateType
    }
  };
  await settleAll(missing.map((place) => attachTo(place, artifact)));
  const count = missing.flatMap(({ subjects }) => subjects).length;
  runtime.log.info(`${claim.predicateType}: signed by ${signer.name}, attached to ${count} manifests`);
}
async function searchBundle({ client, subjects }, statement, signer) {
  const bundles = await settleAll(subjects.map((subject) => findBundle(client, subject, statement, signer)));
  return {
    client,
    subjects: subjects.filter((_, i) => bundles[i] === void 0),
    bundle: bundles.find((bundle) => bundle !== void 0)
  };
}
async function findBundle(client, subject, statement, signer) {
  try {
    for await (const bytes of readAttached(client, subject.digest, bundleType)) {
      if (await makesClaim(bytes, statement, signer)) return bytes;
    }
  } catch (error) {
    if (!(error instanceof UnknownReferrers)) throw error;
  }
  return void 0;
}
async function makesClaim(bundle, statement, signer) {
  try {
    return claimsSame(parseBundle(bundle).statement, statement) && await signer.hasMade(bundle);
  } catch {
    return false;
  }
}
async function attachTo(place, artifact) {
  const { client, subjects } = place;
  const digests = await attachUnlessRefused(place, artifact);
  await settleAll(subjects.map((subject, i) => expectAttached(client, subject, digests[i])));
}
async function attachUnlessRefused({ client, subjects }, artifact) {
  try {
    return await attachArtifact(client, subjects, artifact);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new AttachRefusal(
      `Cannot attach attestations to ${formatRepository(client.repository)}@${subjects[0]?.digest}: ${sentence(error.message)} No tag was moved. Use a registry that stores OCI artifacts, or set allow-unattested: true to push without them.`,
      { cause: error }
    );
  }
}
async function attachSboms({ sboms = [] }, { destination }, { log }) {
  for (const { format, text, subject } of sboms) {
    const artifact = { content: blobOf(text, sbomTypes[format].mediaType), annotations: {} };
    for (const client of destination.clients) await attachTo({ client, subjects: [subject] }, artifact);
    log.info(`${format}: attached to ${subject.digest}, unsigned`);
  }
}
var AttachRefusal = class extends Failure {
};
function isRefusal(error) {
  if (!(error instanceof RegistryError) || isUnknownContent(error)) return false;
  return error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 429;
}

// src/stages/publish/push-result.ts
function resultOf({ inputs, metadata, destination, layout }, root, platforms) {
  return {
    name: inputs.name,
    metadata,
    root: root.descriptor,
    platforms,
    repositories: destination.repositories,
    references: inputs.pushByDigest ? [] : metadata.references,
    pushed: inputs.push && !inputs.dryRun,
    uploadedBytes: destination.uploadedBytes(),
    layout: layout?.path
  };
}
function stateOf(outcomes, { dryRun }) {
  if (outcomes.length === 0) return "not pushed";
  if (outcomes.includes("uploaded")) return dryRun ? "would be uploaded" : "uploaded";
  return outcomes.includes("mounted") ? "mounted" : "already there";
}
function platformResultOf({
  manifest,
  configBlob,
  config
}) {
  return {
    manifest: manifest.descriptor,
    configDigest: configBlob.descriptor.digest,
    platform: platformOf(config),
    created: createdOf(config),
    labels: labelsOf(config)
  };
}

// src/stages/publish/retry-without-reuse.ts
async function retryWithoutReuse({ log }, push2) {
  try {
    return await push2(false);
  } catch (error) {
    if (!isUnknownContent(error)) throw error;
    log.warning(`${messageOf(error)} The registry lost content that it listed; uploading everything again.`);
    return push2(true);
  }
}

// src/registry/push/move-tags.ts
async function moveTags(moves, options) {
  const { ifExists, log, cancelled } = options;
  const wanted = ifExists === "overwrite" ? moves : await movesLeft(moves, options);
  const named = [];
  const moved = [];
  const warn = () => {
    if (moved.length > 0)
      log.warning(`Cancelled while moving tags. These already point to the new image: ${namesOf(moved)}`);
  };
  cancelled.addEventListener("abort", warn);
  try {
    for (const [i, move] of wanted.entries()) {
      cancelled.throwIfAborted();
      const isLast = i === wanted.length - 1;
      const mayStay = isLast && ifExists === "overwrite";
      const before = mayStay ? void 0 : await readBefore(move, options);
      if (ifExists !== "overwrite" && isTaken(move, before)) {
        leave([move], options);
        continue;
      }
      const isMoved = !isNamed(move, before) && await moveTag(move, log);
      if (isMoved) moved.push({ ...move, before });
      named.push(move.reference);
      log.info(`${formatReference(move.reference)} is ${isMoved ? "" : "already "}${move.manifest.descriptor.digest}`);
    }
  } catch (error) {
    const left = await putBack(moved, log);
    if (left.length === 0) throw error;
    throw new Failure(`${messageOf(error)} These tags already point to the new image: ${namesOf(left)}.`, {
      cause: error
    });
  } finally {
    cancelled.removeEventListener("abort", warn);
  }
  return named;
}
async function movesLeft(moves, options) {
  const befores = await settleAll(moves.map((move) => readBefore(move, options)));
  const taken = moves.filter((move, i) => isTaken(move, befores[i]));
  if (taken.length > 0) leave(taken, options);
  return moves.filter((move) => !taken.includes(move));
}
async function readBefore({ client, reference }, { ifExists }) {
  if (ifExists === "overwrite") return readManifestIfThere(client, reference.tag);
  try {
    return await findManifest(client, reference.tag);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw new Failure(
      `Cannot tag the image: if-exists: ${ifExists} requires knowing whether ${formatReference(reference)} exists. ${error.message}`,
      { cause: error }
    );
  }
}
function isTaken(move, now) {
  return now !== void 0 && !isNamed(move, now);
}
function isNamed({ manifest }, now) {
  return now !== void 0 && digestOf(now.bytes) === manifest.descriptor.digest;
}
async function moveTag(move, log) {
  const { client, manifest, reference } = move;
  try {
    await putManifest(client, manifest, reference.tag);
    return true;
  } catch (error) {
    if (isUnknownContent(error)) throw error;
    const isRefused = error instanceof RegistryError && error.status < 500;
    const now = await findManifest(client, reference.tag).catch(() => "unknown");
    if (now === "unknown" && !isRefused) {
      log.warning(`Cannot tell whether ${formatReference(reference)} points to the new image: ${messageOf(error)}`);
    }
    if (now === "unknown" || !isNamed(move, now)) throw error;
    return !isRefused;
  }
}
function leave(taken, { ifExists, log }) {
  if (ifExists === "error") {
    throw new Failure(
      `Cannot tag the image: ${namesOf(taken)} already exists and points to another image. Choose a new tag, or set if-exists to overwrite or skip.`
    );
  }
  log.notice(`Not moved, because it already exists: ${namesOf(taken)}`);
}
function namesOf(tags) {
  return tags.map(({ reference }) => formatReference(reference)).join(", ");
}
async function putBack(moved, log) {
  const left = [];
  for (const tag of moved) {
    const { client, reference, before } = tag;
    try {
      const now = await findManifest(client, reference.tag);
      if (!isNamed(tag, now)) {
        const isAsBefore = now === void 0 || before !== void 0 && now.bytes.equals(before.bytes);
        if (!isAsBefore) log.info(`${formatReference(reference)} was moved by another run and is kept.`);
      } else if (before === void 0) {
        log.warning(
          `${formatReference(reference)} is new and is kept: deleting it could delete the manifest and other tags.`
        );
        left.push(tag);
      } else {
        await putManifest(client, blobOf(before.bytes, before.mediaType), reference.tag);
        log.info(`${formatReference(reference)} is ${digestOf(before.bytes)} again`);
      }
    } catch (error) {
      log.warning(`Cannot restore ${formatReference(reference)}: ${messageOf(error)}`);
      left.push(tag);
    }
  }
  return left;
}

// src/stages/publish/tag-images.ts
async function tagImages(images, pushed, runtime) {
  const moves = images.flatMap(
    ({ destination }, i) => destination.tags.map((tag) => ({ ...tag, manifest: pushed[i].root }))
  );
  const ifExists = images[0]?.inputs.ifExists ?? "overwrite";
  const { log, cancelled } = runtime;
  const named = await runtime.holdExit(moveTags(moves, { ifExists, log, cancelled }));
  const moved = new Set(named.map(formatReference));
  return pushed.map(({ result }) => ({
    ...result,
    references: result.pushed ? result.references.filter((reference) => moved.has(formatReference(reference))) : result.references
  }));
}

// src/stages/publish/join-images.ts
async function joinImages(publications, context) {
  const { runtime } = context;
  const sources = [];
  for (const publication of publications) sources.push(await openSourceImages(publication, context));
  return retryWithoutReuse(runtime, async () => {
    const joined = [];
    for (const [i, publication] of publications.entries()) joined.push(await joinOne(publication, sources[i] ?? []));
    return tagImages(publications, await attestImages(publications, joined, runtime), runtime);
  });
}
async function joinOne(publication, images) {
  const { inputs, metadata, destination } = publication;
  const root = indexBlob(
    images.map(({ manifest, platform }) => ({ descriptor: manifest.descriptor, platform })),
    {
      ...inputs.annotate.includes("index") ? metadata.labels : {},
      ...annotationsOf(metadata.annotations, "index", void 0)
    }
  );
  const platforms = [];
  for (const image of images) platforms.push(await copyImage(image, publication));
  await destination.putManifest(root);
  return { root, result: resultOf(publication, root, platforms) };
}
async function openSourceImages({ inputs, sources, destination }, { runtime, access }) {
  const [home] = destination.repositories;
  const found = /* @__PURE__ */ new Map();
  for (const { repository = home, name } of sources) {
    if (repository === void 0) {
      throw new Failure(`Cannot find ${name}: it has no repository, and neither has tags. Give NAME@DIGEST.`);
    }
    const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
    for (const image of (await readStored(client, name)).images) {
      runtime.log.info(`${image.platform}: ${formatRepository(repository)}@${image.manifest.descriptor.digest}`);
      found.set(image.manifest.descriptor.digest, image);
    }
  }
  const images = [...found.values()];
  expectPlatforms(images, inputs);
  for (const image of images) checkImage(image);
  return images;
}
function expectPlatforms(images, { platforms: wanted }) {
  const without = images.find((image) => !image.platform.includes("/"));
  if (without !== void 0) {
    throw new Failure(
      `Cannot create an index: the config of ${without.manifest.descriptor.digest} names no platform ("${without.platform}").`
    );
  }
  if (wanted.length === 0) return;
  const there = images.map((image) => image.platform);
  const isAmong = (platforms, one) => platforms.some((other) => isSamePlatform(other, one));
  const missing = wanted.filter((one) => !isAmong(there, one));
  const foreign = there.filter((one) => !isAmong(wanted, one));
  if (missing.length + foreign.length === 0) return;
  throw new Failure(
    `Cannot make an index for ${wanted.join(", ")}: the sources are for ${there.join(", ")}. Check sources, or platform.`
  );
}
async function copyImage(image, { inputs, destination }) {
  const { manifest, configBlob, config, layers, repository } = image;
  const send = (blob) => destination.upload(blob, repository);
  const diffIds = diffIdsOf(config) ?? [];
  const contents = contentsInHistory(config, layers.length);
  const results = [];
  for (const [i, layer] of layers.entries()) {
    const { descriptor } = layer;
    const state = stateOf(await send(layer), inputs);
    results.push({ descriptor, diffId: diffIds[i] ?? descriptor.digest, state, contents: contents[i] });
  }
  await send(configBlob);
  await destination.putManifest(manifest);
  return { ...platformResultOf(image), layers: results };
}

// src/registry/read/read-known.ts
async function readKnown(tags) {
  const layers = /* @__PURE__ */ new Map();
  const configs = /* @__PURE__ */ new Map();
  const pool = createPool(readsAtATime);
  const readTag = async ({ client, tag, digest }) => {
    const read = (name) => pool(() => readManifestIfThere(client, name));
    const manifest = await read(digest ?? tag);
    const reference = { ...client.repository, tag };
    return { client, reference, images: manifest === void 0 ? [] : await imagesUnder(manifest.bytes, read) };
  };
  for (const { client, reference, images } of await settleAll(tags.map(readTag))) {
    for (const [name, known] of layersByName(images, client)) layers.set(name, [...layers.get(name) ?? [], known]);
    for (const { config, layers: listed } of images) {
      if (!isDescriptor(config) || configs.has(config.digest)) continue;
      const descriptors = Array.isArray(listed) && listed.every(isDescriptor) ? listed : [];
      let reading;
      const read = () => {
        reading ??= readBlob(client, config);
        return reading;
      };
      configs.set(config.digest, { place: client.repository, reference, layers: descriptors, read });
    }
  }
  return { layers, configs };
}
function layersByName(images, client) {
  const byName = /* @__PURE__ */ new Map();
  for (const { descriptor, facts } of images.flatMap(layersOf)) {
    const known = { descriptor, facts, repository: client.repository, open: () => openBlob(client, descriptor) };
    for (const name of [facts.identity, facts.diffId]) {
      if (name !== void 0 && !byName.has(name)) byName.set(name, known);
    }
  }
  return byName;
}
var knownMediaTypes = [mediaTypes.layerTar, mediaTypes.layerGzip, mediaTypes.layerZstd];
var mostImages2 = 32;
async function imagesUnder(bytes, readManifest2) {
  const root = objectIn(bytes);
  const { manifests } = root;
  if (!Array.isArray(manifests)) return [root];
  const images = manifests.filter(isDescriptor).filter(({ mediaType }) => mediaType === mediaTypes.manifest);
  const read = images.slice(0, mostImages2).map(({ digest }) => readManifest2(digest));
  return (await settleAll(read)).flatMap((image) => image === void 0 ? [] : [objectIn(image.bytes)]);
}
function layersOf({ layers }) {
  if (!Array.isArray(layers)) return [];
  return layers.filter(isLayerDescriptor).flatMap(({ mediaType, digest, size, annotations }) => {
    const facts = layerFactsOf({ mediaType, digest, size, annotations: annotations ?? {} });
    return facts === void 0 ? [] : [{ descriptor: { mediaType, digest, size }, facts }];
  });
}
function isLayerDescriptor(value) {
  return isDescriptor(value) && knownMediaTypes.includes(value.mediaType);
}

// src/registry/push/destination.ts
var enoughMissed = 8;
var smallBlob = 1 << 20;
var uploadsAtATime = 5;
async function openDestination(options, access) {
  const { reuseFrom, preflight, readsAhead = false, dryRun = false, pushByDigest = false } = options;
  const targets = await openTargets(options, access);
  let reading;
  const readOnce = () => {
    reading ??= openKnownTags(targets, reuseFrom, access).then(readKnown);
    return reading;
  };
  const lost = /* @__PURE__ */ new Set();
  let opening;
  const openOnce = () => {
    opening ??= openPlaces(targets, options, access);
    return opening;
  };
  await settleAll([
    ...preflight && !dryRun ? targets.map(({ client }) => checkMayPush(client)) : [],
    ...readsAhead ? [readOnce()] : []
  ]);
  const pool = createPool(uploadsAtATime);
  const asking = createPool(readsAtATime);
  let uploadedBytes = 0;
  const uploadTo = async (target, blob, source) => {
    const { client } = target;
    const { size } = blob.descriptor;
    if (typeof source === "object" && isSameRepository(source, client.repository)) return "exists";
    const uploaded = await pool(async () => {
      const isHardlyThere = source === void 0 && target.missed >= enoughMissed && size <= smallBlob;
      const from = source === "new" || source?.host === client.repository.host ? source : void 0;
      if (dryRun) return await seeBlob(client, blob.descriptor) ? "exists" : "uploaded";
      return uploadBlob(client, blob, isHardlyThere ? "new" : from);
    });
    target.missed = uploaded === "uploaded" ? target.missed + 1 : Number.NEGATIVE_INFINITY;
    if (uploaded === "uploaded") uploadedBytes += size;
    return uploaded;
  };
  return {
    readKnown: async () => withoutBlobs(lost, await readOnce()),
    upload: (blob, source) => settleAll(targets.map((target) => uploadTo(target, blob, source))),
    async locate(descriptor) {
      for (const client of await openOnce()) {
        if (await asking(() => seeBlob(client, descriptor))) {
          return { repository: client.repository, open: () => openBlob(client, descriptor) };
        }
      }
      lost.add(descriptor.digest);
      return void 0;
    },
    uploadedBytes: () => uploadedBytes,
    async putManifest(manifest) {
      if (dryRun) return;
      await settleAll(targets.map(({ client }) => putManifest(client, manifest, manifest.descriptor.digest)));
    },
    repositories: targets.map(({ client }) => client.repository),
    clients: targets.map(({ client }) => client),
    tags: dryRun || pushByDigest ? [] : targets.flatMap(({ client, tags }) => tags.map((reference) => ({ client, reference })))
  };
}
function withoutBlobs(lost, { layers, configs }) {
  const areThere = (blobs) => blobs.filter(({ descriptor }) => !lost.has(descriptor.digest));
  return { layers: new Map([...layers].map(([name, blobs]) => [name, areThere(blobs)])), configs };
}
function seeBlob(client, { digest }) {
  return client.retry(`Asking for ${digest}`, () => hasBlob(client, digest));
}
function openTargets({ references, reuseFrom, mountFrom = [] }, access) {
  return settleAll(
    byRepository(references).map(async (tags) => {
      const [repository] = tags;
      const others = byRepository([...references, ...reuseFrom, ...mountFrom]).map(([first]) => first);
      const mountSources = others.filter(({ host, path }) => host === repository.host && path !== repository.path);
      return {
        client: await openClient(repository, { ...access, actions: "pull,push", mountSources }),
        tags,
        missed: 0
      };
    })
  );
}
async function openPlaces(targets, { reuseFrom, mountFrom = [] }, access) {
  const isTarget = (repository) => targets.some(({ client }) => isSameRepository(client.repository, repository));
  const others = byRepository([...reuseFrom, ...mountFrom]).map(([first]) => first).filter((one) => !isTarget(one));
  const opened = others.map((one) => openClient(one, { ...access, actions: "pull", mountSources: [] }));
  return [...targets.map(({ client }) => client), ...await settleAll(opened)];
}
async function openKnownTags(targets, reuseFrom, access) {
  if (targets.length === 0) return [];
  const further = await settleAll(
    byRepository(reuseFrom).map(async (tags) => {
      const [repository] = tags;
      const target = targets.find(({ client: client2 }) => isSameRepository(client2.repository, repository));
      const client = target?.client ?? await openClient(repository, { ...access, actions: "pull", mountSources: [] });
      return { client, tags };
    })
  );
  return [...targets, ...further].flatMap(
    ({ client, tags }) => tags.map(({ tag, digest }) => ({ client, tag, digest }))
  );
}

// src/github/store-attestation.ts
async function storeAttestation(api, repository, bundle) {
  const json = parseJson(bundle, "the bundle", { largest: bundle.length });
  await api.request("POST", `repos/${repository}/attestations`, { bundle: json });
}

// src/stages/open/open-attestations-api.ts
function openAttestationsApi({ runtime, access }) {
  const { repository, apiUrl } = runtime.context;
  if (repository === void 0 || apiUrl === void 0) {
    throw new Failure("Cannot use attest-to-github: this run belongs to no repository on GitHub. Remove it.");
  }
  const api = openGitHubApi({ apiUrl, token: access.githubToken, send: access.transport.send, log: runtime.log });
  return async (bundle) => {
    try {
      await storeAttestation(api, repository, bundle);
    } catch (error) {
      const isRefused = error instanceof GitHubError && [403, 404].includes(error.status);
      if (!isRefused) throw error;
      throw new Failure(
        `Cannot send an attestation to GitHub: ${error.message} Add "permissions: attestations: write" to the job. No tag was moved.`,
        { cause: error }
      );
    }
  };
}

// src/stages/open/open-signer.ts
var largestConfig = 1 << 20;
async function openSigner({ attest: { signer } }, runtime) {
  const { keyPassword, identityToken } = runtime.signing;
  if (signer?.kind === "key") {
    const [{ parseSigningKey }, { createKeySigner }] = await Promise.all([
      import("./chunk-KQRYXPY3.mjs"),
      import("./chunk-ET5NQBT6.mjs")
    ]);
    return createKeySigner(await parseSigningKey(signer.pem, keyPassword));
  }
  if (signer === void 0) return void 0;
  const read = (path) => path === void 0 ? void 0 : readWholeFile(runtime.resolve(path), largestConfig, path);
  const [signingConfig, trustedRoot] = await Promise.all([read(signer.config), read(signer.trustedRoot)]);
  const { openKeylessSigner } = await import("./chunk-JVNQ2NBG.mjs");
  return openKeylessSigner({ identityToken, signingConfig, trustedRoot, directory: runtime.temporary });
}

// src/stages/open/read-sources.ts
async function readSources(lines, runtime) {
  const sources = await Promise.all(lines.map((line) => readSource(line, runtime)));
  return sources.flat();
}
async function readSource(line, { resolve }) {
  if (line.startsWith("{") || line.startsWith("[")) return parseDescriptors(line, "sources");
  if (isDigest(line)) return [{ name: line }];
  if (!isPath(line) && !/\.json$|^[^:@]*$/.test(line)) return [parseName(line)];
  const texts = await readTexts(resolve(line), "sources");
  if (texts.length === 0) throw new Failure(`Cannot use the source ${line}: the directory contains no JSON files.`);
  return texts.flatMap(({ path, text }) => parseDescriptors(text, path));
}
function parseName(line) {
  const { name, ...repository } = parseImageName(line);
  return { repository, name };
}
function parseDescriptors(text, description) {
  let json;
  try {
    json = parseJson(text, description);
  } catch (cause) {
    throw new Failure(`Cannot read ${description}: it is not a JSON descriptor (${messageOf(cause)}).`, { cause });
  }
  return (Array.isArray(json) ? json : [json]).map((item) => parseDescriptor2(item, description));
}
function parseDescriptor2(item, description) {
  const { digest, annotations } = isObject(item) ? item : {};
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw new Failure(`Cannot read ${description}: ${JSON.stringify(item)} is not a descriptor: it has no digest.`);
  }
  const name = isObject(annotations) ? annotations["io.containerd.image.name"] : void 0;
  if (typeof name !== "string") return { name: digest };
  const source = parseName(name);
  if (source.name === digest) return source;
  throw new Failure(`Cannot read ${description}: it names ${name}, but its digest is ${digest}.`);
}

// src/stages/publish/open-publications.ts
async function openPublications(described, { runtime, access }) {
  const isPushed = ({ inputs }) => inputs.push || inputs.dryRun;
  const mountFrom = [
    ...described.filter(isPushed).flatMap(({ metadata }) => metadata.references),
    ...described.flatMap(placesOf)
  ];
  const open2 = (one) => {
    const references = isPushed(one) ? one.metadata.references : [];
    return openDestination({ ...optionsOf(one, runtime), references, mountFrom }, access);
  };
  try {
    const opened = await settleAll(described.map(async (one) => ({ ...one, destination: await open2(one) })));
    return opened.some(isPushed) ? withSigner(opened, { runtime, access }) : opened;
  } catch (error) {
    if (!isDenied(error) || !runtime.context.isRestricted || described[0]?.inputs.mode !== "build") throw error;
    const layouts = await chooseLayouts(described, runtime);
    runtime.log.warning(
      `Not pushed: ${error.message} Pull requests from forks and by Dependabot get a read-only token. The image is built and written to ${layouts.map(({ path }) => path).join(", ")}: upload that as an artifact, and push it in a workflow_run job with the push-layout action.`
    );
    return settleAll(described.map((one, i) => forLayout(one, layouts[i], { runtime, access })));
  }
}
async function withSigner(publications, context) {
  const [{ inputs }] = publications;
  if (inputs.attest.provenance && context.runtime.context.workflow === void 0) {
    throw new Failure(
      "Cannot attach provenance: it names the workflow that builds the image, and no workflow runs here. Remove provenance."
    );
  }
  const signer = await openSigner(inputs, context.runtime);
  const sendToGitHub = inputs.attest.toGitHub ? openAttestationsApi(context) : void 0;
  return publications.map((one) => ({ ...one, signer, sendToGitHub }));
}
async function describeImages(images, runtime) {
  const all = await runtime.log.group("Metadata", () => describeRun(images, runtime));
  const describe = async (inputs, i) => {
    return { inputs, metadata: all[i], sources: await readSources(inputs.sources, runtime) };
  };
  const [first, ...others] = images;
  return Promise.all([describe(first, 0), ...others.map((inputs, i) => describe(inputs, i + 1))]);
}
function withInputs([first, ...others], inputs) {
  const replace = (one, i) => ({ ...one, inputs: inputs[i] ?? one.inputs });
  return [replace(first, 0), ...others.map((one, i) => replace(one, i + 1))];
}
function placesOf({ inputs: { base, from }, sources }) {
  const bases = base === void 0 ? [] : baseImageName(base) ?? [];
  const joined = sources.flatMap(({ repository }) => repository ?? []);
  return [bases, from !== void 0 && "host" in from ? from : [], ...joined].flat();
}
function optionsOf({ inputs }, { context }) {
  const isPushedAtOnce = inputs.mode === "build" && isPrebuilt(inputs);
  return {
    ...inputs,
    references: [],
    preflight: inputs.preflight && !isPushedAtOnce || context.isRestricted === true,
    readsAhead: isPushedAtOnce && inputs.reuse !== "off"
  };
}
async function chooseLayouts(described, runtime) {
  const directory = await runtime.createDirectory();
  return described.map(
    ({ inputs: { name = "layout", output } }) => output === void 0 || output.kind === "docker-archive" ? { kind: "oci", path: `${directory}/${name}` } : { kind: output.kind, path: runtime.resolve(output.path) }
  );
}
async function forLayout(one, layout, { runtime, access }) {
  const destination = await openDestination(optionsOf(one, runtime), access);
  return { ...one, inputs: { ...one.inputs, push: false }, destination, layout };
}

// src/check/layer-files.ts
var mostFileBytes = 16 << 20;

// src/pack/pack-image.ts

// src/pack/read-small-layer.ts
var mostBytes2 = 1 << 20;
async function readSmallLayer(layer, budget) {
  const { encoding, size, remote, storePaths } = layer;
  const isSmall = encoding === "tar" && size !== void 0 && size <= mostBytes2;
  if (budget === void 0 || !isSmall || remote !== void 0 || storePaths !== void 0) return void 0;
  const watch = watchLayer(layer, budget);
  await drain(watch.through(layer.open(watch.options)));
  return watch.files();
}

// src/pack/pack-image.ts
var mostLayersAtATime = 4;
function createPacker(directory, budget) {
  const pool = createPool(Math.min(cpus().length, mostLayersAtATime));
  const packed = /* @__PURE__ */ new Map();
  const pack = async (layer, file, options) => {
    const reused = reuseLayer(layer, options);
    if (reused !== void 0) return { ...reused, files: await readSmallLayer(layer, budget) };
    return confirmLayer(await packLayer(layer, file, { ...options, budget }), layer, options);
  };
  return {
    pack(layer, options) {
      const key = keyOf(layer);
      const file = join(directory, `layer-${packed.size}`);
      const promise = packed.get(key) ?? pool(() => pack(layer, file, options));
      packed.set(key, promise);
      return promise;
    }
  };
}
function keyOf(layer) {
  const { keepsBlob, descriptor, diffId, identity } = layer;
  return (keepsBlob ? descriptor?.digest : void 0) ?? diffId ?? identity ?? layer;
}
async function packImage(image, options) {
  const { annotations, onLayer, onConfig = async () => {
  }, packer } = options;
  const packing = /* @__PURE__ */ new Map();
  const sending = [];
  const pack = async (layer) => {
    const packed = { ...await packer.pack(layer, options), contents: layer.contents };
    sending.push(inBackground(onLayer(packed)));
    return packed;
  };
  const packOnce = (layer) => {
    const promise = packing.get(keyOf(layer)) ?? pack(layer);
    packing.set(keyOf(layer), promise);
    return promise;
  };
  expectToPack(image.layers, options);
  try {
    const layers = await settleAll(image.layers.map(packOnce));
    const config = withDiffIds(
      image.config,
      layers.map((layer) => layer.diffId)
    );
    const configBlob = blobOf(config.bytes, mediaTypes.config);
    sending.push(inBackground(onConfig(configBlob)));
    const manifest = manifestBlob({
      config: configBlob.descriptor,
      layers: layers.map((layer) => layer.descriptor),
      annotations: { ...image.annotations, ...annotations }
    });
    await settleAll(sending);
    return { manifest, configBlob, config, layers };
  } finally {
    await Promise.allSettled(sending);
  }
}
function expectToPack(layers, options) {
  const { compression = defaultCompression } = options;
  const made = layers.filter(
    (layer) => !isPassedOn(layer, options.compression) && reuseLayer(layer, options) === void 0
  );
  expectToCompress(
    made.reduce((sum, layer) => sum + sizeOf(layer), 0),
    compression
  );
}
function sizeOf({ encoding, size, contents }) {
  if (encoding === "tar" && size !== void 0) return size;
  return (contents?.paths ?? []).reduce((sum, { narSize = 0 }) => sum + narSize, 0);
}

// src/inspect/compare-tars.ts
var mostFiles = 20;
var mostMembers = 1e6;
async function compareTars(first, second) {
  const [a, b] = [await summarise(first), await summarise(second)];
  const names = [.../* @__PURE__ */ new Set([...a.keys(), ...b.keys()])].filter((name) => !isSame(a.get(name), b.get(name))).sort();
  const shown = names.slice(0, mostFiles);
  const hasOtherContent = (name) => a.get(name)?.sha256 !== b.get(name)?.sha256;
  const inBoth = shown.filter((name) => a.has(name) && b.has(name) && hasOtherContent(name));
  const offsets = await findOffsets(first, second, new Set(inBoth));
  const files = shown.map((path) => {
    const [one, other] = [a.get(path), b.get(path)];
    const isInBoth = one !== void 0 && other !== void 0;
    const hasOtherHeader = isInBoth && one.header !== other.header;
    return { path, sizes: [one?.size, other?.size], hasOtherHeader, offset: offsets.get(path) };
  });
  return { files, count: names.length };
}
function isSame(a, b) {
  return a?.header === b?.header && a?.sha256 === b?.sha256;
}
async function summarise(tar) {
  const found = /* @__PURE__ */ new Map();
  for await (const { name, header, size, content } of readMembers(tar.open(), tar.description)) {
    const hash = createHash("sha256");
    for await (const chunk of content) hash.update(chunk);
    found.set(name, { size, header, sha256: hash.digest("base64") });
    if (found.size > mostMembers) {
      throw new Failure(`Cannot compare ${tar.description}: it has more than ${mostMembers} files.`);
    }
  }
  return found;
}
async function findOffsets(first, second, wanted) {
  const offsets = /* @__PURE__ */ new Map();
  if (wanted.size === 0) return offsets;
  const [a, b] = [first, second].map(({ open: open2, description }) => readMembers(open2(), description));
  try {
    for (; ; ) {
      const [one, other] = [await nextOf(a, wanted), await nextOf(b, wanted)];
      if (one === void 0 || other === void 0 || one.name !== other.name) return offsets;
      offsets.set(one.name, await offsetOf(one.content, other.content));
    }
  } finally {
    await a.return(void 0);
    await b.return(void 0);
  }
}
async function nextOf(members, wanted) {
  for (; ; ) {
    const next = await members.next();
    if (next.done === true || wanted.has(next.value.name)) return next.done === true ? void 0 : next.value;
  }
}
async function offsetOf(one, other) {
  const [a, b] = [one[Symbol.asyncIterator](), other[Symbol.asyncIterator]()];
  let [left, right] = [Buffer.alloc(0), Buffer.alloc(0)];
  let at = 0;
  for (; ; ) {
    if (left.length === 0) left = await chunkOf(a);
    if (right.length === 0) right = await chunkOf(b);
    const length = Math.min(left.length, right.length);
    const different = left.subarray(0, length).equals(right.subarray(0, length)) ? -1 : firstDifferent(left, right);
    if (different >= 0 || length === 0) return at + Math.max(different, 0);
    at += length;
    left = left.subarray(length);
    right = right.subarray(length);
  }
}
function firstDifferent(a, b) {
  return a.findIndex((byte, i) => byte !== b[i]);
}
async function chunkOf(chunks) {
  const { done, value } = await chunks.next();
  return done === true ? Buffer.alloc(0) : Buffer.from(value);
}

// src/report/file-differences.ts
function fileDifferenceLines({ files, count }, root = "") {
  const more = count - files.length;
  return [...files.map((file) => lineOf(file, root)), ...more > 0 ? [`and ${more} more files`] : []];
}
function lineOf({ path, sizes: [first, second], hasOtherHeader, offset }, root) {
  const isBelow = root !== "" && path.startsWith(`${root}/`) && path.length > root.length + 1;
  const name = oneLine(isBelow ? path.slice(root.length + 1) : path, 300);
  if (second === void 0) return `${name}: ${first} bytes, only the first time`;
  if (first === void 0) return `${name}: ${second} bytes, only the second time`;
  const size = first === second ? `${first} bytes` : `${first} and ${second} bytes`;
  const how = [
    ...offset === void 0 ? [] : [`differs from byte ${offset}`],
    ...hasOtherHeader ? ["another type, mode, owner, time or target"] : []
  ];
  return `${name}: ${size}, ${how.join(", ") || "other content"}`;
}

// src/stages/rebuild/layer-differences.ts
var mostLayers2 = 5;
async function layerDifferences(layers) {
  const lines = [];
  for (const { name, first, second } of layers.slice(0, mostLayers2)) {
    const files = fileDifferenceLines(await compareTars(tarOf(first), tarOf(second)));
    lines.push(name, ...files.map((line) => `  ${line}`));
  }
  const more = layers.length - mostLayers2;
  return more > 0 ? [...lines, `and ${more} more layers`] : lines;
}
function tarOf(layer) {
  const description = layer.description ?? `the layer ${layer.descriptor?.digest ?? layer.diffId ?? ""}`;
  return { description, open: () => openTar(layer) };
}

// src/stages/rebuild/pack-again.ts
async function comparePackedAgain({ inputs, platforms }, packed, runtime) {
  for (const [i, first] of packed.entries()) {
    const labelled = platforms[i];
    const again = await labelled.openAgain?.();
    if (again === void 0) continue;
    const second = await packImage(again.image, {
      packer: createPacker(await runtime.createDirectory()),
      annotations: again.annotations,
      compression: inputs.compression,
      reuse: "off",
      known: /* @__PURE__ */ new Map(),
      onFalseClaim: runtime.log.warning,
      onLayer: async ({ release }) => release()
    });
    const platform = platformOf(first.config);
    if (first.manifest.descriptor.digest !== second.manifest.descriptor.digest) {
      const lines = await differencesOf({ image: labelled, packed: first }, { image: again, packed: second });
      throw new Failure(
        [
          `The image for ${platform} is not reproducible: packed again, it is another one. No tag was moved.`,
          ...lines
        ].join("\n")
      );
    }
    runtime.log.info(`Packed the image for ${platform} again: all ${second.layers.length} layers are the same.`);
  }
}
async function differencesOf(first, second) {
  const ofConfig = compareConfigs(first.packed.config, second.packed.config).map(
    ({ field, before, after }) => `config, ${field}: ${before ?? "nothing"} and ${after ?? "nothing"}`
  );
  const lines = ofConfig.map((line) => oneLine(line));
  const [one, other] = [first.packed.layers, second.packed.layers];
  if (one.length !== other.length) return [...lines, `${one.length} and ${other.length} layers`];
  const different = one.flatMap((layer, i) => {
    const [digest, again] = [layer.descriptor.digest, other[i]?.descriptor.digest];
    if (digest === again) return [];
    const [a, b] = [first.image.image.layers[i], second.image.image.layers[i]];
    return [{ name: `layer ${i + 1} (${nameLayer(layer)}): ${digest} and ${again}`, first: a, second: b }];
  });
  return [...lines, ...await layerDifferences(different)];
}

// src/local/write-text.ts
async function writeText(path, text, description) {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (cause) {
    throw new Failure(`Cannot write ${description} to ${path}: ${messageOf(cause)}. Name another file.`, { cause });
  }
}

// src/stages/sbom/write-sboms.ts
async function writeSboms({ inputs: { sbom, name }, platforms, destination }, packed, { log, resolve }) {
  const documents = [];
  const [repository] = destination.repositories;
  for (const [i, { manifest, config }] of packed.entries()) {
    const { readInventory, carried = [] } = platforms[i] ?? {};
    const image = {
      name: repository === void 0 ? name ?? "image" : formatRepository(repository),
      repository,
      digest: manifest.descriptor.digest,
      platform: platformOf(config),
      created: createdOf(config)
    };
    for (const { format, read } of carried) {
      const { withSubject } = await import("./chunk-DUZ6QWNS.mjs");
      documents.push({ format, text: withSubject(format, await read(), image), subject: manifest.descriptor });
    }
    const inventory = await readInventory?.();
    if (inventory === void 0) continue;
    for (const gap of describeGaps(inventory)) log.info(`SBOM: ${printable(gap)}`);
    const subject = { ...image, inventory };
    for (const format of sbom.formats) {
      const text = await sbomOf(format, subject);
      documents.push({ format, text, subject: manifest.descriptor });
      if (sbom.file === void 0) continue;
      const file = resolve(fileName(sbom.file, { format, platform: subject.platform }));
      await writeText(file, text, "sbom-file");
      log.info(`Wrote ${format} with ${inventory.paths.length} store paths to ${file}`);
    }
  }
  return documents;
}
function fileName(pattern, { format, platform }) {
  return pattern.replaceAll("{{format}}", format).replaceAll("{{platform}}", platform.replaceAll("/", "-"));
}

// src/stages/publish/check-images.ts
function checkConfigs(images, runtime) {
  for (const { inputs, platforms } of images) {
    if (inputs.check !== "error") continue;
    for (const { image } of platforms) refuse(findingsOf(image, image.layers, { inputs, runtime, isEarly: true }));
  }
}
function checkPacked({ image, findings: known }, packed, { inputs, runtime }) {
  if (inputs.check === "off") return [];
  const layers = image.layers.map(({ storePaths }, i) => ({ storePaths, files: packed.layers[i]?.files }));
  const isEarly = known !== void 0;
  const found = findingsOf(packed, layers, { inputs, runtime, isEarly });
  const findings = isEarly ? withKnownFindings(found, known) : found;
  if (inputs.check === "error") refuse(findings);
  if (!isEarly) describeLayers(layers, platformOf(packed.config), runtime);
  return findings;
}
function warnOfFindings(images, { log }) {
  const all = images.flatMap(({ name, findings = [] }) => findings.map((finding) => ({ name, finding })));
  for (const rule of new Set(all.map(({ finding }) => finding.rule))) {
    const [first, ...others] = all.filter(({ finding }) => finding.rule === rule);
    if (first === void 0) continue;
    const also = others.map(
      ({ name = "", finding }) => `${`${name} ${finding.platform}`.trim()}: ${listFacts(finding)}`
    );
    log.warning([`Check ${formatFinding(first.finding)}`, ...also].join("\nAlso "));
  }
}
function findingsOf({ config }, layers, { inputs, runtime, isEarly = false }) {
  const { repositoryUrl } = runtime.context;
  return applyRules({ config, layers, repositoryUrl }, { ignored: inputs.checkIgnore, isEarly });
}
function refuse(findings) {
  if (findings.length === 0) return;
  const lines = findings.map((finding) => `- ${formatFinding(finding)}`);
  const rulesText = findings.length === 1 ? "a rule" : `${findings.length} rules`;
  throw new Failure(
    [
      `Cannot publish the image for ${findings[0]?.platform}: it breaks ${rulesText} of the check. No tag was moved.`,
      ...lines,
      "Correct the image, or name rules in check-ignore."
    ].join("\n")
  );
}
function describeLayers(layers, platform, { log }) {
  const unread = layers.filter(({ files }) => files === void 0).length;
  const efficiency = efficiencyOf(layers);
  if (unread > 0) {
    log.info(
      `Check of ${platform}: ${unread} of ${layers.length} layers were reused without being read, so rules about their files do not see them.`
    );
  }
  if (efficiency !== void 0)
    log.info(`Check of ${platform}: the efficiency is ${(efficiency.score * 100).toFixed(1)} %.`);
}

// src/image/layering/stable-saving.ts
var leastSaving = 1e6;
function stableSaving({ sent, before, stable, closure }) {
  const known = new Set(before.flat());
  const isNew = (path) => !known.has(path);
  const sizeOf2 = (layers) => layers.flat().reduce((sum, path) => sum + (closure.get(path)?.narSize ?? 0), 0);
  const keyOf2 = (paths) => paths.toSorted().join();
  const keys = new Set(before.filter((paths) => paths.length > 0).map(keyOf2));
  if (sent.some((paths) => keys.has(keyOf2(paths)))) return void 0;
  if (!sent.some((paths) => 2 * sizeOf2([paths.filter(isNew)]) < sizeOf2([paths]))) return void 0;
  const saving = { sent: sizeOf2(sent), stable: sizeOf2(stable.filter((paths) => paths.some(isNew))) };
  return saving.sent - saving.stable >= Math.max(leastSaving, saving.sent / 2) ? saving : void 0;
}

// src/stages/publish/compare-with-stable.ts
async function compareWithStable({ image, split }, known, log) {
  if (split === void 0 || known === void 0) return void 0;
  const isNew = (layer) => storePathsOf(layer).length > 1 && !known.layers.has(layer.identity ?? "");
  if (!image.layers.some(isNew)) return void 0;
  try {
    const before = await readLayersBefore(known, platformOf(image.config));
    if (before.flat().length === 0) return void 0;
    const paths = new Set(image.layers.flatMap(storePathsOf));
    const kept = image.layers.filter((layer) => storePathsOf(layer).length === 0).length;
    const { layers: stable, closure } = await splitPaths([...paths], { image: "the image", kept }, split);
    return (sent) => stableSaving({ sent, before, stable, closure });
  } catch (error) {
    log.debug(`Not compared with layering: stable. ${messageOf(error)}`);
    return void 0;
  }
}
async function readLayersBefore({ configs }, platform) {
  for (const [digest, { read }] of configs) {
    const config = parseConfig(await read(), `the config ${digest}`);
    if (platformOf(config) !== platform) continue;
    const contents = contentsInHistory(config, diffIdsOf(config)?.length ?? 0);
    return contents.map(({ paths }) => paths.map(({ path }) => path));
  }
  return [];
}
function storePathsOf({ identity, contents }) {
  return identity === void 0 ? [] : (contents?.paths ?? []).map(({ path }) => path);
}

// src/stages/publish/read-previous.ts
async function readPrevious(known, images, log) {
  const [first, ...others] = known?.configs.values() ?? [];
  if (first === void 0) return void 0;
  const { reference } = first;
  const configs = [first, ...others.filter((one) => one.reference === reference)];
  const isKnown = ({ layers }) => configs.some((one) => digestsOf(one.layers) === digestsOf(layers.map((layer) => layer.descriptor)));
  if (images.every(isKnown)) return { reference, images };
  try {
    return { reference, images: await settleAll(configs.map(readSummary)) };
  } catch (error) {
    log.info(`Not compared with ${formatReference(reference)}: ${messageOf(error)}`);
    return void 0;
  }
}
function digestsOf(layers) {
  return layers.map(({ digest }) => digest).join();
}
async function readSummary({ reference, layers, read }) {
  const config = parseConfig(await read(), `the config of ${formatReference(reference)}`);
  return summarizeImage({ config, platform: platformOf(config), layers: layers.map((descriptor) => ({ descriptor })) });
}

// src/tar/write-tar.ts
async function* writeTar(members) {
  const { default: tarStream } = await import("./chunk-RK5PMWXW.mjs");
  const archive = tarStream.pack();
  fill(archive, members).catch((error) => archive.destroy(error));
  yield* archive;
}
async function fill(archive, members) {
  for await (const member of members) {
    const { name, size } = member;
    const entry = archive.entry({ name, size, type: "file", mode: 420, uid: 0, gid: 0, mtime: /* @__PURE__ */ new Date(0) });
    await pipeline(contentOf(member), entry);
  }
  archive.finalize();
}
async function* contentOf(member) {
  const fail = (got) => new Failure(`Cannot write ${member.name} into an archive: its content has ${got} than ${member.size} bytes.`);
  let left = member.size;
  for await (const chunk of member.open()) {
    left -= chunk.length;
    if (left < 0) throw fail("more");
    yield chunk;
  }
  if (left > 0) throw fail("less");
}

// src/local/layout.ts
function layoutMembers({ root, images, references }) {
  const blobs = [...images.flatMap((image) => [...image.layers, image.configBlob, image.manifest]), root];
  const members = blobs.map(({ descriptor, open: open2 }) => ({
    name: `blobs/sha256/${hexOf(descriptor.digest)}`,
    size: descriptor.size,
    open: open2
  }));
  return [
    ...new Map(members.map((member) => [member.name, member])).values(),
    textMember("index.json", JSON.stringify(indexOf(root, references))),
    textMember("oci-layout", JSON.stringify({ imageLayoutVersion: "1.0.0" }))
  ];
}
function indexOf({ descriptor }, references) {
  const named = references.map((reference) => ({
    ...descriptor,
    annotations: {
      "io.containerd.image.name": formatReference(reference),
      "org.opencontainers.image.ref.name": reference.tag
    }
  }));
  return { schemaVersion: 2, mediaType: mediaTypes.index, manifests: named.length === 0 ? [descriptor] : named };
}
async function dockerArchiveMembers({ images, references }) {
  const image = onlyOf(images);
  const layers = await Promise.all(
    image.layers.map(async (layer) => ({
      name: `${hexOf(layer.diffId)}/layer.tar`,
      size: await layer.tarSize(),
      open: layer.openTar
    }))
  );
  const { descriptor, open: open2 } = image.configBlob;
  const config = { name: `${hexOf(descriptor.digest)}.json`, size: descriptor.size, open: open2 };
  const manifest = [
    { Config: config.name, RepoTags: references.map(formatReference), Layers: layers.map((layer) => layer.name) }
  ];
  return [
    ...new Map(layers.map((layer) => [layer.name, layer])).values(),
    config,
    textMember("manifest.json", JSON.stringify(manifest))
  ];
}
function onlyOf(images) {
  const [image] = images;
  if (image !== void 0 && images.length === 1) return image;
  throw new Failure(
    `Cannot write an image for ${images.length} platforms as a docker-archive, which holds one platform. Use oci or oci-archive.`
  );
}
function textMember(name, text) {
  const bytes = Buffer.from(text);
  return {
    name,
    size: bytes.length,
    async *open() {
      yield bytes;
    }
  };
}

// src/local/load-engine.ts
async function loadIntoEngine(image, env) {
  const engine = findEngine(env);
  const { code, stderr } = await runProgram(engine, ["load"], {
    env,
    input: writeTar(await dockerArchiveMembers(image))
  });
  if (code === 0) return engine;
  throw new Failure(
    `Cannot load the image: ${engine} load failed with exit code ${code}.
${stderr.slice(-2e3).trimEnd()}`
  );
}
function findEngine(env) {
  for (const engine of ["docker", "podman"]) {
    if (findProgram(engine, env) !== void 0) return engine;
  }
  throw new Failure("Cannot load the image: neither docker nor podman is on PATH. Install one, or set load to false.");
}

// src/local/write-output.ts
async function writeOutput(image, output) {
  const { kind, path } = output;
  if (kind === "oci") await refuseFilled(path);
  const members = kind === "docker-archive" ? await dockerArchiveMembers(image) : layoutMembers(image);
  try {
    await mkdir2(dirname2(path), { recursive: true });
    await writeAside(members, output);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot write the image to ${kind}:${path}: ${messageOf(cause)}.`, { cause });
  }
}
async function writeAside(members, { kind, path }) {
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    if (kind === "oci") await writeDirectory(members, draft);
    else await writeFile2(writeTar(members), draft);
    await rename(draft, path);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
async function refuseFilled(directory) {
  let names;
  try {
    names = await readdir(directory);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw new Failure(`Cannot write the image to oci:${directory}: it is not a directory.`, { cause: error });
  }
  if (names.length > 0)
    throw new Failure(`Cannot write the image to oci:${directory}: it is not empty. Remove it or name another one.`);
}
async function writeDirectory(members, directory) {
  for (const member of members) {
    const file = join2(directory, member.name);
    await mkdir2(dirname2(file), { recursive: true });
    await writeFile2(member.open(), file);
  }
}
async function writeFile2(source, path) {
  const file = await open(path, "w");
  await pipeline2(source, file.createWriteStream());
}

// src/stages/publish/write-locally.ts
function isWrittenLocally({ inputs: { output, load }, layout }) {
  return output !== void 0 || layout !== void 0 || load;
}
async function writeLocally({ root, images }, { inputs, metadata, layout }, { log, env, resolve }) {
  if (inputs.dryRun) return;
  const image = { root, images, references: metadata.references };
  const output = inputs.output && { ...inputs.output, path: resolve(inputs.output.path) };
  const outputs = output?.path === layout?.path ? [output] : [output, layout];
  for (const one of outputs) {
    if (one === void 0) continue;
    await writeOutput(image, one);
    log.info(`Wrote ${one.kind}:${one.path}`);
  }
  if (inputs.load) log.info(`Loaded into ${await loadIntoEngine(image, env)}`);
}

// src/stages/publish/publish-images.ts
async function publishImages(images, runtime) {
  let isWritten = false;
  return retryWithoutReuse(
    runtime,
    (isRetry) => publishOnce(isRetry ? images.map(withoutReuse) : images, runtime, async (pushed) => {
      if (!isWritten) {
        warnOfFindings(
          pushed.map(({ result }) => result),
          runtime
        );
        for (const [i, one] of pushed.entries()) await writeLocally(one, images[i], runtime);
      }
      isWritten = true;
    })
  );
}
function publishKnown(images, runtime) {
  return publishOnce(
    images,
    runtime,
    async (pushed) => warnOfFindings(
      pushed.map(({ result }) => result),
      runtime
    )
  );
}
async function publishOnce(images, runtime, write) {
  for (const { image } of images.flatMap(({ platforms }) => platforms)) checkImage(image);
  checkConfigs(images, runtime);
  const isChecked = images.some(({ inputs }) => inputs.check !== "off");
  const packer = createPacker(runtime.temporary, isChecked ? { left: mostFileBytes } : void 0);
  const keepsBlobs = images.flatMap(({ platforms }) => platforms).length > 1 || images.some(isWrittenLocally);
  const run = { runtime, packer, repositoryOf: /* @__PURE__ */ new Map(), keepsBlobs, onlyTag: onlyTagOf(images) };
  const pushed = [];
  for (const image of images) pushed.push(await packAndPush(image, run));
  for (const [i, image] of images.entries()) await comparePackedAgain(image, pushed[i]?.images ?? [], runtime);
  await write(pushed);
  return tagImages(images, await attestImages(images, pushed, runtime), runtime);
}
function onlyTagOf(images) {
  const [tag, ...others] = images.flatMap(({ destination }) => destination.tags);
  const hasMore = images.some(
    ({ signer, inputs, platforms }) => signer !== void 0 || inputs.sbom.formats.length > 0 || inputs.checkReproducible || platforms.some(({ carried = [] }) => carried.length > 0)
  );
  return others.length === 0 && !hasMore && images[0]?.inputs.ifExists === "overwrite" ? tag : void 0;
}
function withoutReuse(image) {
  return { ...image, inputs: { ...image.inputs, reuse: "off" } };
}
async function packAndPush(image, run) {
  const { inputs, destination } = image;
  const known = inputs.reuse === "off" ? void 0 : await destination.readKnown();
  const packed = [];
  for (const one of image.platforms) packed.push(await packPlatform(one, { ...image, known }, run));
  const platforms = packed.map((one) => one.result);
  const readingPrevious = inBackground(readPrevious(known, platforms, run.runtime.log));
  const images = packed.map((one) => one.image);
  const findings = images.flatMap(
    (one, i) => checkPacked(image.platforms[i], one, { inputs, runtime: run.runtime })
  );
  const root = rootOf(images, image);
  const listed = images.map(({ manifest }) => manifest).filter((manifest) => manifest !== root);
  await settleAll(listed.map(destination.putManifest));
  if (run.onlyTag === void 0 || !destination.tags.includes(run.onlyTag)) {
    await destination.putManifest(root);
  }
  const sboms = await writeSboms(image, images, run.runtime);
  const carried = sayCarried(image, root, run.runtime);
  const result = { ...resultOf(image, root, platforms), findings, carried, previous: await readingPrevious };
  return { root, images, sboms, result };
}
function sayCarried({ promoted }, root, { log }) {
  if (promoted === void 0 || promoted.image.digest === root.descriptor.digest) return void 0;
  const { over, left } = promoted.carried;
  for (const line of over) log.info(`Carried over from ${promoted.image.digest}: ${line}`);
  for (const line of left) log.notice(`Not carried over from ${promoted.image.digest}: ${line}`);
  return { over, left };
}
async function packPlatform(labelled, { inputs, destination, known, confirmed }, { runtime: { log }, packer, repositoryOf, keepsBlobs }) {
  const { image, annotations } = labelled;
  const states = /* @__PURE__ */ new Map();
  const comparing = inBackground(compareWithStable(labelled, known, log));
  const packed = await packImage(
    { ...image, layers: image.layers.map((layer) => showMaking(layer, log)) },
    {
      packer,
      annotations,
      compression: inputs.compression,
      reuse: inputs.reuse,
      known: known?.layers ?? /* @__PURE__ */ new Map(),
      confirmed,
      onFalseClaim: log.warning,
      async onLayer({ descriptor, open: open2, release, known: from, contents }) {
        const { digest, size } = descriptor;
        const name = nameLayer({ descriptor, contents });
        const shown = { descriptor, open: showReading(open2, { name: `sending ${name}`, size, log }) };
        const state = stateOf(await destination.upload(shown, from?.repository ?? repositoryOf.get(digest)), inputs);
        if (!keepsBlobs) release();
        const [repository] = destination.repositories;
        if (repository !== void 0 && !inputs.dryRun) repositoryOf.set(digest, repository);
        states.set(digest, state);
        log.info(`${name}  ${formatSize(size)}  ${state}`);
      },
      async onConfig(config) {
        await destination.upload(config, known && (known.configs.get(config.descriptor.digest)?.place ?? "new"));
      }
    }
  );
  const layers = packed.layers.map(({ descriptor, diffId, isCertain, contents }) => ({
    descriptor,
    diffId,
    isCertain,
    contents,
    state: states.get(descriptor.digest) ?? "not pushed"
  }));
  const sent = image.layers.filter((_, i) => layers[i]?.state === "uploaded").map(storePathsOf);
  const saving = (await comparing)?.(sent);
  if (saving !== void 0) log.notice(savingText(saving));
  return { image: packed, result: { ...platformResultOf(packed), layers, saving } };
}
function showMaking(layer, log) {
  const { contents, diffId } = layer;
  const name = contents === void 0 ? "a layer" : nameLayer({ contents, descriptor: { digest: diffId ?? "sha256:" } });
  return { ...layer, open: showReading(layer.open, { name: `making ${name}`, size: layer.size, log }) };
}
function rootOf(images, { inputs, metadata, platforms, index }) {
  const [only] = images;
  if (only !== void 0 && images.length === 1 && index === void 0) return only.manifest;
  const entries = images.map(({ manifest, config }) => ({
    descriptor: manifest.descriptor,
    platform: platformOf(config)
  }));
  const before = withoutKeys(index?.annotations ?? {}, metadata.deleted);
  const labels = inputs.annotate.includes("index") ? commonOf(platforms) : {};
  return indexBlob(entries, { ...before, ...labels, ...annotationsOf(metadata.annotations, "index", void 0) });
}
function commonOf([first, ...others]) {
  const common = Object.entries(first?.labels ?? {}).filter(
    ([key, value]) => others.every(({ labels }) => labels[key] === value)
  );
  return Object.fromEntries(common);
}

// src/stages/publish/publish-result.ts
async function publishResult(result, opening, publishing) {
  if (result === void 0) return void 0;
  const publications = await opening;
  if (publications.some(({ layout }) => layout !== void 0)) return void 0;
  return publishing.runtime.log.group("Push", () => publishAll(result, publications, publishing));
}
async function publishAll(result, publications, { runtime, by }) {
  const ready = [];
  for (const [i, publication] of publications.entries()) {
    const image = await openResult(result.images[i] ?? [], publication, runtime);
    if (image === void 0) {
      runtime.log.info(`The registry no longer has all layers of the build of ${result.time}: building again.`);
      return void 0;
    }
    const { nixVersion, time, run } = result;
    const derivations = (result.images[i] ?? []).map(({ drvPath }) => drvPath);
    ready.push({ ...image, built: { nixVersion, derivations, reused: { time, run } } });
  }
  try {
    const images = await publishKnown(ready, runtime);
    const { time, run, nixVersion } = result;
    const derivations = result.images.flat().map(({ drvPath }) => drvPath);
    const origin = [...derivations, ...run === void 0 ? [] : [run]].join(", ");
    runtime.log.info(
      `Reused the build of ${time} (${origin}): ${describeReuse(by)}. To build all the same, set rebuild: always.`
    );
    return { images, nixVersion, reused: { time, run, derivations, by } };
  } catch (error) {
    if (!isUnknownContent(error)) throw error;
    runtime.log.warning(`The registry lost layers of the build of ${result.time} that it listed: building again.`);
    return void 0;
  }
}
async function openResult(built, publication, runtime) {
  const { inputs, metadata, destination } = publication;
  const platforms = [];
  for (const { config, annotations, base, meta, findings, layers: builtLayers } of built) {
    const layers = await settleAll(builtLayers.map((layer) => locateLayer(layer, destination)));
    if (layers.includes(void 0)) return void 0;
    const image = { config, annotations, layers: layers.filter((layer) => layer !== void 0), ...base && { base } };
    platforms.push({ ...labelImage(image, metadata, { inputs, meta, runtime }), findings });
  }
  const { compression: _, ...others } = inputs;
  return { ...publication, inputs: { ...others, reuse: "off" }, platforms };
}
async function locateLayer({ descriptor: withFacts, contents }, destination) {
  const { mediaType, digest, size } = withFacts;
  const descriptor = { mediaType, digest, size };
  const location = await destination.locate(descriptor);
  if (location === void 0) return void 0;
  const facts = layerFactsOf(withFacts);
  const { diffId, identity } = facts;
  return {
    diffId,
    ...identity === void 0 ? {} : { identity },
    encoding: layerEncoding(descriptor, diffId) ?? "tar",
    size,
    contents,
    descriptor,
    remote: { descriptor, facts, ...location },
    open: location.open
  };
}

// src/stages/record-stages.ts
function recordStages(runtime) {
  const stages = [];
  const { log, now } = runtime;
  const group = async (name, body) => {
    const start = now();
    try {
      return await log.group(name, body);
    } finally {
      stages.push({ name, milliseconds: now() - start });
    }
  };
  return { runtime: { ...runtime, log: { ...log, group } }, stages };
}

// src/stages/verify/pin-signed.ts
async function pinSigned(images, context) {
  const [first, ...others] = images;
  const verifier = await openVerifier(first, context.runtime);
  if (verifier === void 0) return [first, ...others];
  const pin = (inputs) => pinInputs(inputs, verifier, context);
  return [await pin(first), ...await settleAll(others.map(pin))];
}
async function pinInputs(inputs, verifier, context) {
  const { base } = inputs;
  return {
    ...inputs,
    ...base === void 0 ? {} : { base: await pinBase(base, verifier, context) },
    reuseFrom: (await settleAll(inputs.reuseFrom.map((one) => pinReference(one, verifier, context)))).flat()
  };
}
async function pinBase(base, verifier, { runtime: { log }, access }) {
  const { name, ...repository } = parseImageName(base);
  const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
  const digest = await expectSigned(client, { name, input: "base", verifier, log });
  return base.includes("@") ? base : `${formatReference(parseReference(base))}@${digest}`;
}
async function pinReference(reference, verifier, { runtime: { log }, access }) {
  const client = await openClient(reference, { ...access, actions: "pull", mountSources: [] });
  const { tag } = reference;
  if (await findManifest(client, tag) === void 0) return [];
  return [{ ...reference, digest: await expectSigned(client, { name: tag, input: "reuse-from", verifier, log }) }];
}

// src/run.ts
var actions = {
  build: (images, runtime) => publish(images, runtime, build),
  index: (images, runtime) => push(
    images,
    runtime,
    (publications, context) => context.runtime.log.group("Index", () => joinImages(publications, context))
  ),
  promote: (images, runtime) => pushOpened(images, runtime, openPromoted),
  "push-layout": (images, runtime) => pushOpened(images, asTriggeringRun(runtime), openUntrusted),
  metadata: describeOnly,
  cleanup: clean,
  verify: async (images, runtime) => (await import("./chunk-FTIK47R4.mjs")).verify(images, runtime)
};
function publish(images, ownRuntime, body) {
  const { runtime, stages } = recordStages(ownRuntime);
  return withRegistries(images, runtime, async (context, describing, pinned) => {
    const result = { ...await body(context, describing, pinned), stages };
    await commentOnPullRequest(pinned, result, context);
    return result;
  });
}
var loadBuild = () => import("./chunk-G2CLLOAT.mjs");
async function build(...[context, describing, images]) {
  const recalling = inBackground(recallResult(images, context));
  inBackground(recalling.then(async ({ result }) => result ?? await loadBuild()));
  const opening = inBackground(openPublications(await describing, context));
  if (!isPrebuilt(images[0])) await opening;
  const recalled = await recalling;
  const reused = await publishResult(recalled.result, opening, { runtime: context.runtime, by: "commit" });
  if (reused !== void 0) return reused;
  const { buildAndPush } = await loadBuild();
  return buildAndPush({ opening, recalled }, context);
}
function pushOpened(images, runtime, open2) {
  return push(images, runtime, async (publications, context) => {
    const { log } = context.runtime;
    const ready = await log.group("Image", () => open2(publications, context));
    return log.group("Push", () => publishImages(ready, context.runtime));
  });
}
function push(images, runtime, body) {
  return publish(images, runtime, async (context, describing) => ({
    images: await body(await openPublications(await describing, context), context),
    nixVersion: void 0
  }));
}
function clean(images, ownRuntime) {
  const runtime = asPullRequest(ownRuntime);
  return withRegistries(images, runtime, async (context, describing) => {
    const described = await describing;
    return runtime.log.group("Clean-up", () => cleanUp(described, context));
  });
}
async function withRegistries(images, runtime, body) {
  const [inputs] = images;
  const { insecureRegistries, githubToken } = inputs;
  const { env, log } = runtime;
  const transport = openTransport({ insecureHosts: insecureRegistries, env });
  try {
    const describing = inBackground(describeImages(images, runtime));
    const token = githubToken === void 0 ? {} : { githubToken };
    const login = openLogin(inputs, runtime, describing);
    const context = { runtime, access: { ...login, ...token, insecureRegistries, transport, env, log } };
    const pinned = await pinSigned(images, context);
    return await body(context, inBackground(describing.then((all) => withInputs(all, pinned))), pinned);
  } finally {
    await transport.close();
  }
}

export {
  compareTars,
  fileDifferenceLines,
  layerDifferences,
  findEngine,
  publishImages,
  publishResult,
  actions
};
