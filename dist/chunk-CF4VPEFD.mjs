const { randomUUID } = globalThis.process.getBuiltinModule("node:crypto");
const { createReadStream } = globalThis.process.getBuiltinModule("node:fs");
const { chmod, link, lstat, mkdir, readdir, rename, symlink } = globalThis.process.getBuiltinModule("node:fs/promises");
const { dirname, join } = globalThis.process.getBuiltinModule("node:path");
const { mkdtemp, readdir: readdir2, stat } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join: join2 } = globalThis.process.getBuiltinModule("node:path");
const { createHash } = globalThis.process.getBuiltinModule("node:crypto");
const { readdir: readdir3 } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join: join3 } = globalThis.process.getBuiltinModule("node:path");
const { createReadStream: createReadStream2 } = globalThis.process.getBuiltinModule("node:fs");
const { open } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join: join4 } = globalThis.process.getBuiltinModule("node:path");
const { access, constants } = globalThis.process.getBuiltinModule("node:fs/promises");
import {
  addJobNotes,
  findInvalidPaths,
  findRefusal,
  importPaths,
  keepPaths,
  listValidPaths,
  nixDirectory,
  ownsStore,
  prepareNixDirectory,
  readJobNotes,
  registerPaths,
  stateDirectory,
  substitutePaths
} from "./chunk-INTXPZ6B.mjs";
import {
  decompress
} from "./chunk-3DOYXRXT.mjs";
import {
  DamagedEntry,
  cacheKey,
  canBeRoot,
  chooseRelease,
  claimKeys,
  compareVersions,
  environmentOf,
  exportInstallation,
  findInstalled,
  hasZstd,
  installableSystem,
  isOwnInstallation,
  isSource,
  keyIncludesToolchain,
  layersOf,
  nixSystem,
  openEntries,
  ownCertificates,
  ownDirectory,
  ownProgram,
  ownRoot,
  packagedProgram,
  pathExists,
  readNixVersion,
  removeTree,
  replacementKey,
  restoreEntry,
  runAsRoot
} from "./chunk-JYQXIE4E.mjs";
import {
  followRedirects,
  isBrokenConnection,
  openTransport,
  proxyRefused,
  resolveLocation,
  retry,
  storeDirectory
} from "./chunk-XBGOFGJP.mjs";
import {
  Failure,
  basicLogin,
  findProgram,
  formatSize,
  hasCode,
  isExecutable,
  messageOf,
  runProgram,
  settleAll
} from "./chunk-UH7NESJ6.mjs";

// src/nix/adopt.ts
async function adoptRelease(directory, release, runtime) {
  const store = join(directory, "store");
  const names = (await readdir(store)).sort();
  const candidates = names.filter((name) => name.endsWith(`-nix-${release.version}`));
  if (candidates.length === 0) throw withoutNix(release);
  await mkdir(storeDirectory, { recursive: true });
  await mkdir(stateDirectory, { recursive: true });
  const moved = [];
  let nix;
  try {
    for (const name of names) {
      const to = join(storeDirectory, name);
      if (await moveStorePath(join(store, name), to)) moved.push(to);
    }
    nix = await findNixPath(candidates);
    if (nix === void 0) throw withoutNix(release);
    const checking = requireVersion(nix, release, runtime);
    await settleAll([checking, register(nix, readAfter(checking, join(directory, ".reginfo")), runtime)]);
  } catch (error) {
    for (const path of moved) removeTree(path);
    throw error;
  }
  await linkCertificates(names);
  await replaceLink(nix, ownRoot);
}
async function moveStorePath(from, to) {
  const isDirectory = (await lstat(from)).isDirectory();
  if (isDirectory) await chmod(from, 493);
  try {
    await (isDirectory ? rename(from, to) : link(from, to));
  } catch (error) {
    if (hasCode(error, "ENOTEMPTY", "EEXIST", "ENOTDIR")) return false;
    throw error;
  }
  if (isDirectory) await chmod(to, 365);
  return true;
}
async function findNixPath(names) {
  for (const name of names) {
    const path = join(storeDirectory, name);
    if (isExecutable(join(path, "bin/nix"))) return path;
  }
  return void 0;
}
function withoutNix({ version, url }) {
  return new Failure(`Cannot install Nix ${version}: ${url} contains no store path with bin/nix.`);
}
async function requireVersion(nix, { version }, runtime) {
  const found = await readNixVersion(join(nix, "bin/nix"), runtime);
  if (found !== version) throw new Failure(`Cannot install Nix ${version}: ${nix} reports that it is Nix ${found}.`);
}
async function* readAfter(checking, file) {
  await checking;
  yield* createReadStream(file);
}
async function register(nix, input, runtime) {
  const program = join(nix, "bin/nix-store");
  const { code, stderr } = await runProgram(program, ["--load-db"], { env: runtime.env, input });
  if (code !== 0) throw new Failure(`Cannot register Nix in ${storeDirectory}: ${stderr.trim()} (exit code ${code}).`);
}
async function linkCertificates(names) {
  for (const name of names) {
    const path = join(storeDirectory, name);
    if (await pathExists(join(path, "etc/ssl/certs/ca-bundle.crt"))) return replaceLink(path, ownCertificates);
  }
}
async function replaceLink(target, link2) {
  await mkdir(dirname(link2), { recursive: true });
  const temporary = `${link2}.${randomUUID()}`;
  await symlink(target, temporary);
  await rename(temporary, link2);
}

// src/nix/download.ts
var timeouts = { answer: 3e4, body: 3e4 };
var HttpError = class extends Error {
  name = "HttpError";
  status;
  constructor(status) {
    super(`the server answered HTTP ${status}`);
    this.status = status;
  }
};
async function* download(url, { env, firstAnswer, ...options }) {
  const transport = openTransport({
    ...{ insecureHosts: [], env },
    timeouts: { ...timeouts, answer: firstAnswer ?? timeouts.answer }
  });
  let received = 0;
  let chunks;
  const next = async () => {
    try {
      chunks ??= await openFrom(url, received, transport);
      return await chunks.next();
    } catch (error) {
      chunks = void 0;
      throw firstAnswer !== void 0 && received === 0 && hasCode(error, "ERR_TIMEOUT") ? withoutAnswer(error) : error;
    }
  };
  const waitFor = (error) => mayPass(error) && (received > 0 || !isUnreachable(error)) ? 0 : void 0;
  try {
    for (; ; ) {
      const { done, value } = await retry(next, { waitFor, ...options });
      if (done) return;
      received += value.length;
      yield value;
    }
  } finally {
    await transport.close();
  }
}
var unreachable = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"];
function isUnreachable(error) {
  return hasCode(error, ...unreachable, proxyRefused);
}
function withoutAnswer(cause) {
  return Object.assign(new Error(messageOf(cause), { cause }), { code: "ETIMEDOUT" });
}
function mayPass(error) {
  if (error instanceof HttpError) return error.status >= 500 || [408, 429].includes(error.status);
  return isBrokenConnection(error);
}
async function openFrom(url, start, transport) {
  const headers = start === 0 ? {} : { range: `bytes=${start}-` };
  const first = new URL(url);
  const authorization = basicLogin(first);
  const send = (request) => authorization === void 0 || request.url.origin !== first.origin ? transport.send(request) : transport.send({ ...request, headers: { ...request.headers, authorization } });
  const redirects = { send, resolve: resolveLocation };
  const response = await followRedirects({ method: "GET", url: first, headers }, redirects);
  const { status, body } = response;
  if (status === 206 && response.header("content-range")?.startsWith(`bytes ${start}-`)) {
    return body[Symbol.asyncIterator]();
  }
  if (status === 200) return withoutStart(body, start);
  await response.discard();
  throw new HttpError(status);
}
async function* withoutStart(chunks, size) {
  let left = size;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

// src/nix/unpack-directory.ts
var prefix = ".nix-image-action-";
var staleAge = 24 * 60 * 60 * 1e3;
function makeUnpackDirectory() {
  return mkdtemp(join2(nixDirectory, prefix));
}
async function removeStale(runtime) {
  try {
    for (const name of await readdir2(nixDirectory)) {
      const path = join2(nixDirectory, name);
      if (!name.startsWith(prefix) || runtime.now() - (await stat(path)).mtimeMs < staleAge) continue;
      removeTree(path);
      runtime.log.info(`Removed ${path}, left behind by an interrupted run`);
    }
  } catch (error) {
    runtime.log.debug(`Cannot remove stale directories in ${nixDirectory}: ${messageOf(error)}`);
  }
}

// src/nix/unpack.ts
async function unpackRelease(source, release, runtime) {
  const directory = await makeUnpackDirectory();
  const archive = readHashed(source);
  try {
    const problem = await extract(archive.chunks(), { directory, release, runtime });
    if (problem === void 0) for await (const _ of archive.chunks()) ;
    checkArchive(archive.digest(), problem, release);
    await makeReadOnly(join3(directory, "store"), runtime);
    return directory;
  } catch (error) {
    removeTree(directory);
    throw error;
  } finally {
    await archive.close();
  }
}
async function makeReadOnly(store, runtime) {
  const names = await readdir3(store).catch(() => []);
  if (names.length === 0) return;
  const paths = names.map((name) => join3(store, name));
  const { code, stderr } = await runtime.exec("chmod", ["-R", "a-w", ...paths], { env: runtime.env });
  if (code !== 0) throw new Failure(`Cannot install Nix: chmod failed: ${stderr.trim()} (exit code ${code}).`);
}
function readHashed(source) {
  const iterator = source[Symbol.asyncIterator]();
  const hash = createHash("sha256");
  let isWhole = false;
  let broken;
  async function next() {
    try {
      return await iterator.next();
    } catch (error) {
      broken = { error };
      throw error;
    }
  }
  return {
    /** Reads the rest. A reader may stop early, as tar does at the end of the archive. */
    async *chunks() {
      for (; ; ) {
        const { done, value } = await next();
        if (done) {
          isWhole = true;
          return;
        }
        hash.update(value);
        yield value;
      }
    },
    /** In hexadecimal; undefined if the source was not read to its end. Throws the error that ended the source. */
    digest() {
      if (broken !== void 0) throw broken.error;
      return isWhole ? hash.digest("hex") : void 0;
    },
    close: () => iterator.return?.()
  };
}
async function extract(chunks, { directory, release, runtime }) {
  const hasXz = findProgram("xz", runtime.env) !== void 0;
  const input = hasXz ? chunks : decompress(chunks, "xz", release.url);
  const args = [hasXz ? "-xJ" : "-x", "-f", "-", "-C", directory, "--strip-components=1", "--no-same-owner"];
  try {
    const { code, stderr } = await runProgram("tar", args, { env: runtime.env, input });
    return code === 0 ? void 0 : new Failure(`tar said: ${stderr.trim()} (exit code ${code})`);
  } catch (error) {
    return error;
  }
}
function checkArchive(sha256, problem, { version, url, ...release }) {
  if (sha256 !== void 0 && sha256 !== release.sha256) {
    throw new Failure(
      `Cannot install Nix ${version}: ${url} has the SHA-256 ${sha256}, expected ${release.sha256}. Check nix-sha256 and nix-url.`
    );
  }
  if (problem === void 0) return;
  throw new Failure(`Cannot unpack Nix ${version} from ${url}: ${messageOf(problem)}. Check nix-url.`, {
    cause: problem
  });
}

// src/nix/install.ts
var toolName = "nix-release";
var longestSilence = 1e4;
async function installNix(inputs, runtime, restore) {
  const release = chooseRelease(inputs, installableSystem(process.platform, process.arch));
  await prepareNixDirectory(runtime);
  if (await restore?.(release)) return { program: ownProgram, version: release.version };
  return installRelease(release, inputs, runtime);
}
async function installRelease(release, inputs, runtime) {
  if (findProgram("tar", runtime.env) === void 0) {
    throw new Failure("Cannot unpack Nix: there is no tar on PATH. Install the package tar before this step.");
  }
  const asked = inputs.nixVersion !== void 0 || inputs.nixUrl !== void 0;
  const canFallBack = !asked && await hasDebianPackages(runtime);
  let unpacked;
  try {
    unpacked = await unpackKept(release, runtime) ?? await unpackDownload(release, canFallBack, runtime);
  } catch (error) {
    if (canFallBack && isUnreachable(error)) {
      return installFromDebian(`${release.url} cannot be reached (${messageOf(error)})`, runtime);
    }
    if (error instanceof Failure) throw error;
    throw new Failure(
      `Cannot download Nix ${release.version} from ${release.url}: ${messageOf(error)}. Check nix-version, set nix-url to a mirror that this machine can reach, or install Nix before this step.`,
      { cause: error }
    );
  }
  try {
    await adoptRelease(unpacked, release, runtime);
  } finally {
    removeTree(unpacked);
  }
  return { program: ownProgram, version: release.version };
}
async function installUnpacked(unpack, release, runtime) {
  const directory = await makeUnpackDirectory();
  try {
    const unpacked = await unpack(directory);
    if (unpacked !== void 0) await adoptRelease(directory, release, runtime);
    return unpacked;
  } finally {
    removeTree(directory);
  }
}
async function unpackKept(release, runtime) {
  const file = await runtime.tools?.find(toolName, release.version);
  if (file === void 0) return void 0;
  try {
    const unpacked = await unpackRelease(createReadStream2(file), { ...release, url: file }, runtime);
    runtime.log.info(`Nix ${release.version} unpacked from the tool cache, ${file}`);
    return unpacked;
  } catch (error) {
    runtime.log.warning(`Cannot use the tool cache: ${messageOf(error)}`);
    return void 0;
  }
}
async function unpackDownload(release, canFallBack, runtime) {
  const { url, version } = release;
  const otherwise = `; if it does not answer within ${longestSilence / 1e3} s, the package nix-bin is installed instead`;
  runtime.log.info(`Downloading Nix ${version} from ${url}${canFallBack ? otherwise : ""}`);
  const onRetry = (error, wait) => runtime.log.info(`The download was interrupted (${messageOf(error)}) and resumes in ${wait} ms`);
  const chunks = download(url, { env: runtime.env, onRetry, ...canFallBack ? { firstAnswer: longestSilence } : {} });
  const { tools } = runtime;
  if (tools === void 0) return unpackRelease(chunks, release, runtime);
  const file = join4(runtime.temporary, "nix-release.tar.xz");
  const unpacked = await unpackRelease(writeToo(chunks, file), release, runtime);
  try {
    await tools.keep(file, toolName, version);
  } catch (error) {
    runtime.log.warning(`Cannot keep Nix ${version} in the tool cache: ${messageOf(error)}`);
  }
  return unpacked;
}
async function* writeToo(chunks, file) {
  const handle = await open(file, "w");
  try {
    for await (const chunk of chunks) {
      await handle.writeFile(chunk);
      yield chunk;
    }
  } finally {
    await handle.close();
  }
}
async function hasDebianPackages(runtime) {
  return findProgram("apt-get", runtime.env) !== void 0 && await canBeRoot(runtime);
}
function debianPackages() {
  return process.getuid?.() === 0 ? ["nix-bin", "nix-setup-systemd"] : ["nix-bin"];
}
async function installFromDebian(reason, runtime) {
  const apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
  await runAsRoot([...apt, "update"], runtime);
  await runAsRoot([...apt, "install", "-y", "--no-install-recommends", ...debianPackages()], runtime);
  const version = await readNixVersion(packagedProgram, runtime);
  runtime.log.warning(`${reason}: installed Nix ${version} from the package nix-bin instead.`);
  return { program: packagedProgram, version };
}

// src/nix/kvm.ts
var device = "/dev/kvm";
async function openKvm(runtime) {
  try {
    await access(device, constants.R_OK | constants.W_OK);
  } catch (error) {
    if (hasCode(error, "ENOENT") || !runtime.isDisposable || !await canBeRoot(runtime)) return;
    try {
      await runAsRoot(["chmod", "666", device], runtime);
      runtime.log.info("Builds may use KVM");
    } catch (problem) {
      runtime.log.info(`Builds cannot use KVM: ${messageOf(problem)}`);
    }
  }
}

// src/nix/open-nix.ts
var oldestVersion = "2.8";
async function openNix(inputs, runtime, restore) {
  if (inputs.githubToken !== void 0) runtime.log.secret(inputs.githubToken);
  await openKvm(runtime);
  const found = await findInstalled(inputs, runtime);
  const installed = found === void 0;
  if (found !== void 0 && await isOwnInstallation(found)) await requireOwner(found);
  const { program, version } = found === void 0 ? await installNix(inputs, runtime, restore) : { program: found, version: await readNixVersion(found, runtime) };
  checkVersion({ program, version }, inputs, runtime);
  if (installed || await isOwnInstallation(program)) {
    await exportInstallation(program, inputs, runtime);
    await removeStale(runtime);
  }
  runtime.log.info(`Nix ${version} at ${program}${installed ? ", installed now" : ""}`);
  return { program, version, env: environmentOf(inputs, runtime), exec: runtime.exec, installed };
}
async function requireOwner(program) {
  for (const path of [storeDirectory, stateDirectory, ownDirectory]) {
    const cause = await findRefusal(path);
    if (cause === void 0) continue;
    const owner = `${process.getuid?.()}:${process.getgid?.()}`;
    throw new Failure(
      `Cannot use the Nix at ${program}: an earlier run installed it as another user, and this user, ${owner}, may not write to ${path}. Run all steps as the same user, or change its owner before this step, as root: chown -R ${owner} /nix`,
      { cause }
    );
  }
}
function checkVersion({ version, program }, { nixVersion, nixVersionStrict }, runtime) {
  if (compareVersions(version, oldestVersion) < 0) {
    throw new Failure(
      `Cannot use Nix ${version} at ${program}: Nix ${oldestVersion} or newer is needed. Upgrade it, or remove it so that this step installs a newer one.`
    );
  }
  if (nixVersion === void 0 || nixVersion === version) return;
  if (nixVersionStrict) {
    throw new Failure(
      `Cannot use Nix ${version} at ${program}: nix-version-strict requires Nix ${nixVersion}. Remove that Nix so that this step installs the right one, or leave out nix-version-strict.`
    );
  }
  runtime.log.warning(
    `Using Nix ${version} at ${program}, not Nix ${nixVersion}: nix-version applies only if no Nix is installed.`
  );
}

// src/stages/build/restore-store.ts
function fetchEntry(inputs, runtime, toolchain) {
  const entries = openEntries(inputs, runtime);
  const nothing = { entry: Promise.resolve(void 0), withNix: Promise.resolve(void 0) };
  if (entries === void 0 || inputs.cache.use === "off") return nothing;
  if (!hasZstd) {
    runtime.log.warning(
      `Running without the store cache: it needs Node 22.15 or newer, and this is ${process.version}.`
    );
    return nothing;
  }
  const computing = keyOf(inputs, runtime, toolchain);
  const finding = computing.then(({ key, prefixes }) => entries.find(key, prefixes));
  const entry = fetchFrom(entries, { computing, finding }, runtime);
  const withNix = async (name) => {
    const isExpected = keyIncludesToolchain(await finding.catch(() => void 0) ?? "", name);
    const fetched = isExpected ? await entry : void 0;
    return keyIncludesToolchain(fetched?.matchedKey ?? "", name) ? fetched : void 0;
  };
  return { entry, withNix: toolchain === void 0 ? nothing.withNix : withNix(toolchain) };
}
async function fetchFrom(entries, { computing, finding }, runtime) {
  try {
    const key = await computing;
    return { entries, key, ...await fetchFound(finding, entries.open(key.key, key.prefixes)) };
  } catch (error) {
    runtime.log.warning(`Running without the store cache: ${messageOf(error)}`);
    return void 0;
  }
}
async function fetchFound(finding, opening) {
  const [found, opened] = await Promise.allSettled([finding, opening]);
  if (found.status === "rejected") throw found.reason;
  const matchedKey = found.value;
  if (matchedKey === void 0) return { matchedKey };
  if (opened.status === "rejected") {
    const cause = opened.reason;
    return { matchedKey, refusal: new DamagedEntry(messageOf(cause), { cause }) };
  }
  if (opened.value !== void 0) return { matchedKey: opened.value.key, entry: opened.value.entry };
  return { matchedKey, refusal: new DamagedEntry("the cache did not deliver all of it") };
}
function expectEntry({ entry, refusal }) {
  if (entry !== void 0) return entry;
  throw refusal ?? new TypeError("Nothing was found.");
}
async function keepSources(sources, nix, runtime) {
  try {
    await keepPaths(nix, sources, runtime.temporary);
    return await recordValidPaths(runtime, async () => {
      const valid = await listValidPaths(nix);
      return new Set([...valid].filter((path) => !sources.includes(path)));
    });
  } catch (error) {
    runtime.log.debug(`Cannot keep sources: ${messageOf(error)}`);
    return void 0;
  }
}
async function restoreSources(entry, nix, runtime) {
  try {
    const store = await openStore(nix);
    const before = await recordValidPaths(runtime, async () => store.valid);
    const { paths } = await restoreEntry(entry, { store, system: nixSystem, isWanted: isSource, runtime });
    await keepPaths(nix, paths, runtime.temporary);
    return before;
  } catch (error) {
    runtime.log.debug(`Cannot restore sources: ${messageOf(error)}`);
    return void 0;
  }
}
async function restoreStore(fetched, nix, { inputs, runtime, before: known }) {
  const isFetchedByBuild = inputs.cache.use !== "off" && inputs.cache.binaryCache !== void 0;
  const isUsed = fetched !== void 0 || isFetchedByBuild;
  if (!isUsed) {
    const record = runtime.job === void 0 ? void 0 : recordValidPaths(runtime, () => listValidPaths(nix));
    await record?.catch((error) => runtime.log.debug(messageOf(error)));
    return void 0;
  }
  return continueWithoutCache(runtime, async () => {
    if (fetched === void 0) {
      const before2 = known ?? await recordValidPaths(runtime, () => listValidPaths(nix));
      return { before: before2, result: void 0, confirmed: /* @__PURE__ */ new Set() };
    }
    const store = await openStore(nix);
    const before = known ?? await recordValidPaths(runtime, async () => store.valid);
    const restore = (entry) => restoreFrom(entry, { nix, store }, runtime);
    return { before, ...await restoreFetched(fetched, runtime, restore) };
  });
}
async function recordValidPaths(runtime, list) {
  const { before } = await readJobNotes(runtime);
  if (before !== void 0) return new Set(before);
  const valid = await list();
  await addJobNotes(runtime, { before: [...valid] });
  return valid;
}
async function restoreLayers(inputs, runtime) {
  if (inputs.reuse !== "verify" || !(inputs.push || inputs.dryRun)) return void 0;
  const fetched = await fetchEntry(inputs, runtime).entry;
  if (fetched === void 0) return void 0;
  return continueWithoutCache(runtime, async () => {
    const read = async (entry) => ({
      layers: layersOf(entry, nixSystem),
      restoredPaths: 0,
      restoredBytes: 0
    });
    return { before: /* @__PURE__ */ new Set(), ...await restoreFetched(fetched, runtime, read) };
  });
}
function continueWithoutCache(runtime, restore) {
  return runtime.log.group("Cache", async () => {
    try {
      return await restore();
    } catch (error) {
      runtime.log.warning(`Running without the store cache: ${messageOf(error)}`);
      return void 0;
    }
  });
}
async function keyOf({ cache, builds, contents, buildArgs }, { directory }, toolchain) {
  const needsPaths = builds.every(({ source }) => source.kind !== "path");
  const found = await cacheKey({
    directory,
    patterns: cache.keyFiles,
    system: nixSystem,
    spec: JSON.stringify([builds.map(sourceInKey), contents, buildArgs]),
    extra: cache.keyExtra,
    toolchain
  });
  return needsPaths ? found : { ...found, prefixes: found.prefixes.slice(0, 1) };
}
function sourceInKey({ source }) {
  return source.kind === "path" ? { ...source, path: source.path.replace(/^\/nix\/store\/[^-/]+-/, "") } : source;
}
var mostReplacements = 3;
async function restoreFetched(fetched, runtime, restore) {
  const { entries } = fetched;
  const { key, files, unreadable } = fetched.key;
  runtime.log.info(`Key ${key}, computed from ${files.join(", ") || "no lock files"}`);
  if (unreadable.length > 0) runtime.log.info(`Cannot read, so not searched for lock files: ${listOf(unreadable)}`);
  let found = fetched;
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? key : replacementKey(key, number);
    if (number > 1) {
      found = await fetchFound(entries.find(numbered, []), entries.open(numbered, []));
    }
    const { matchedKey, refusal } = found;
    runtime.log.info(matchedKey === void 0 ? "No entry" : `Entry ${matchedKey}`);
    try {
      if (refusal !== void 0) throw refusal;
      if (matchedKey !== void 0) {
        const { layers, ...restored } = await restore(expectEntry(found));
        runtime.log.info(`It confirms ${layers.length} layers`);
        return { result: { key: numbered, matchedKey, ...restored }, confirmed: claimKeys(layers) };
      }
    } catch (error) {
      runtime.log.warning(`Rejected the cache entry ${matchedKey}, leaving the store unchanged: ${messageOf(error)}`);
      if (error instanceof DamagedEntry && matchedKey === numbered && number < mostReplacements) continue;
    }
    const result = { key: numbered, matchedKey: void 0, restoredPaths: 0, restoredBytes: 0 };
    return { result, confirmed: /* @__PURE__ */ new Set() };
  }
}
var longestList = 10;
function listOf(paths) {
  const more = paths.length > longestList ? [`and ${paths.length - longestList} more`] : [];
  return [...paths.slice(0, longestList), ...more].join(", ");
}
async function restoreFrom(entry, { nix, store }, runtime) {
  const { paths, size, held, layers } = await restoreEntry(entry, { store, system: nixSystem, runtime });
  await keepPaths(nix, paths, runtime.temporary);
  runtime.log.info(`Restored ${paths.length} of ${held.length} store paths, ${formatSize(size)}`);
  return { layers, restoredPaths: paths.length, restoredBytes: size };
}
async function openStore(nix) {
  const [valid, isOwn] = await Promise.all([listValidPaths(nix), ownsStore(nix)]);
  return {
    isOwn,
    valid,
    findInvalid: (paths) => findInvalidPaths(nix, paths),
    substitute: (paths) => substitutePaths(nix, paths),
    register: (registration) => registerPaths(nix, registration),
    importPaths: (stream) => importPaths(nix, stream)
  };
}

export {
  installUnpacked,
  openNix,
  fetchEntry,
  expectEntry,
  keepSources,
  restoreSources,
  restoreStore,
  restoreLayers,
  openStore
};
