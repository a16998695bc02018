const { access, constants, lstat, readdir, readlink } = globalThis.process.getBuiltinModule("node:fs/promises");
const { readFileSync } = globalThis.process.getBuiltinModule("node:fs");
const { join } = globalThis.process.getBuiltinModule("node:path");
const { randomUUID } = globalThis.process.getBuiltinModule("node:crypto");
const { realpathSync } = globalThis.process.getBuiltinModule("node:fs");
const { access: access2, constants: constants2, mkdir, symlink } = globalThis.process.getBuiltinModule("node:fs/promises");
const { dirname, join: join2 } = globalThis.process.getBuiltinModule("node:path");
import {
  areStorePaths,
  canBeRoot,
  deleteTags,
  deleteWithManifests,
  entryTypes,
  findManifest,
  isArtifact,
  isResultKey,
  listTags,
  newestFirst,
  openCacheAccess,
  openTagStore,
  parseArtifact,
  pathExists,
  readEntryTags,
  readSavedResult,
  readSettings,
  readsAtATime,
  runAsRoot
} from "./chunk-JYQXIE4E.mjs";
import {
  storeDirectory
} from "./chunk-XBGOFGJP.mjs";
import {
  digestOf
} from "./chunk-HEI324TL.mjs";
import {
  Failure,
  createPool,
  findProgram,
  hasCode,
  isExecutable,
  isObject,
  messageOf,
  runProgram,
  settleAll
} from "./chunk-UH7NESJ6.mjs";

// src/nix/build-target.ts
var features = ["--extra-experimental-features", "nix-command flakes"];
function targetArguments({ target, buildArgs, impure }) {
  return [
    ...impure ? ["--impure"] : [],
    ...target.kind === "file" ? ["--file", target.file] : [],
    ...buildArgs,
    "--",
    ...target.kind === "installable" ? [target.installable] : target.attr === void 0 ? [] : [target.attr]
  ];
}
function describeTarget(target) {
  if (target.kind === "installable") return target.installable;
  return target.attr === void 0 ? target.file : `${target.attr} of ${target.file}`;
}

// src/nix/in-batches.ts
var batchSize = 1e3;
function inBatches(paths) {
  const count = Math.ceil(paths.length / batchSize);
  return Array.from({ length: count }, (_, i) => paths.slice(i * batchSize, (i + 1) * batchSize));
}

// src/nix/nix-directory.ts
var nixDirectory = "/nix";
var stateDirectory = "/nix/var/nix";
function stateDirectoryOf(env) {
  return env.NIX_STATE_DIR || stateDirectory;
}
async function prepareNixDirectory(runtime) {
  const owner = `${process.getuid?.()}:${process.getgid?.()}`;
  for (const path of [nixDirectory, storeDirectory]) await requireDirectory(path);
  if (!await pathExists(nixDirectory)) return createNixDirectory(owner, runtime);
  const refused = await findUnwritable();
  if (refused === void 0) return;
  if (refused.isEmpty && await canBeRoot(runtime)) return runAsRoot(["chown", owner, nixDirectory], runtime);
  const advice = hasCode(refused.cause, "EROFS") ? `${refused.path} is on a read-only file system. Before this step, mount a writable one at /nix, or put a working Nix on PATH` : `${refused.path} exists but is not writable. Before this step, run as root: chown -R ${owner} /nix`;
  throw new Failure(`Cannot install Nix: ${advice}`, { cause: refused.cause });
}
async function requireDirectory(path) {
  const stats = await lstat(path).catch(() => void 0);
  if (stats === void 0 || stats.isDirectory()) return;
  if (!stats.isSymbolicLink()) throw new Failure(`Cannot install Nix: ${path} is not a directory. Remove it.`);
  const target = await readlink(path);
  throw new Failure(
    `Cannot install Nix: ${path} is a symlink to ${target}, and Nix does not allow symlinks in the path of its store. Before this step, run as root: rm ${path} && mkdir ${path} && mount --bind ${target} ${path}`
  );
}
async function createNixDirectory(owner, runtime) {
  if (!await canBeRoot(runtime)) {
    throw new Failure(
      `Cannot create /nix: this user is not root and has no passwordless sudo. Before this step, run as root: mkdir /nix && chown ${owner} /nix`
    );
  }
  try {
    await runAsRoot(["mkdir", "-p", nixDirectory], runtime);
    await runAsRoot(["chown", owner, nixDirectory], runtime);
  } catch (cause) {
    throw new Failure(
      `Cannot create /nix: ${messageOf(cause)} If / is read-only, mount a writable file system at /nix before this step (in a container: a volume)`,
      { cause }
    );
  }
}
var isOfFileSystem = (name) => name === "lost+found";
async function findUnwritable() {
  for (const path of [nixDirectory, storeDirectory, "/nix/var", stateDirectory]) {
    const cause = await findRefusal(path);
    if (cause === void 0) continue;
    const mayBeEmpty = hasCode(cause, "EACCES") && path === nixDirectory;
    return { path, cause, isEmpty: mayBeEmpty && (await readdir(path)).every(isOfFileSystem) };
  }
  return void 0;
}
async function findRefusal(path) {
  try {
    await access(path, constants.W_OK);
    return void 0;
  } catch (error) {
    return hasCode(error, "ENOENT") ? void 0 : error;
  }
}

// src/nix/database.ts
var knownSchema = "10";
function readHashesInDatabase(nix, paths) {
  const rows = readRows(nix, "SELECT hash FROM ValidPaths WHERE path = ?", paths);
  const hashes = rows?.map((row) => String(row?.hash ?? ""));
  return hashes?.includes("") ? void 0 : hashes;
}
function readSizesInDatabase(nix, paths) {
  const rows = readRows(nix, "SELECT narSize FROM ValidPaths WHERE path = ?", paths);
  const sizes = rows?.map((row) => Number(row?.narSize ?? 0));
  return sizes?.includes(0) ? void 0 : sizes;
}
function readValidInDatabase(nix) {
  return readDatabase(nix, (database) => database.prepare("SELECT path FROM ValidPaths").all())?.map(
    ({ path }) => String(path)
  );
}
var mostLargest = 5;
function readLargestInDatabase(nix) {
  const rows = readDatabase(nix, (database) => [
    database.prepare("SELECT sum(narSize) AS total FROM ValidPaths").get(),
    ...database.prepare(`SELECT path, narSize FROM ValidPaths ORDER BY narSize DESC LIMIT ${mostLargest}`).all()
  ]);
  if (rows === void 0) return void 0;
  const [sum, ...largest] = rows;
  return {
    total: Number(sum?.total ?? 0),
    largest: largest.map((row) => ({ path: String(row?.path), narSize: Number(row?.narSize ?? 0) }))
  };
}
var referencesOf = "SELECT path FROM Refs JOIN ValidPaths ON id = reference WHERE referrer = ?";
function readRegisteredInDatabase(nix, paths) {
  return readDatabase(nix, (database) => {
    const find = database.prepare("SELECT id, hash, narSize, deriver FROM ValidPaths WHERE path = ?");
    const refer = database.prepare(referencesOf);
    return paths.flatMap((path) => {
      const row = find.get(path);
      if (row === void 0) return [];
      return {
        path,
        hash: String(row.hash),
        narSize: Number(row.narSize ?? 0),
        deriver: row.deriver ? String(row.deriver) : void 0,
        references: refer.all(Number(row.id)).map((one) => String(one.path))
      };
    });
  });
}
function withBuildGraph(nix, use) {
  return readDatabase(nix, (database) => {
    const find = database.prepare("SELECT id FROM ValidPaths WHERE path = ?");
    const make = database.prepare("SELECT path FROM DerivationOutputs WHERE drv = ?");
    const refer = database.prepare(referencesOf);
    return use((path) => {
      const id = find.get(path)?.id;
      if (id === void 0) return void 0;
      const listed = (rows) => rows.all(Number(id)).map((row) => String(row.path));
      return { outputs: listed(make), inputs: listed(refer) };
    });
  });
}
function readRows(nix, query, paths) {
  return readDatabase(nix, (database) => {
    const statement = database.prepare(query);
    return paths.map((path) => statement.get(path));
  });
}
function readDatabase({ env }, read) {
  if (!hasQuietSqlite()) return void 0;
  if (!["", "auto", "daemon", "local"].includes(env.NIX_REMOTE ?? "")) return void 0;
  const directory = join(stateDirectoryOf(env), "db");
  try {
    if (readFileSync(join(directory, "schema"), "utf8").trim() !== knownSchema) return void 0;
    return inDatabase(join(directory, "db.sqlite"), read);
  } catch {
    return void 0;
  }
}
function hasQuietSqlite() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 24 || major === 24 && minor >= 15;
}
function inDatabase(file, read) {
  const sqlite = process.getBuiltinModule("node:sqlite");
  const database = new sqlite.DatabaseSync(file, { readOnly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}

// src/nix/store.ts
async function listValidPaths(nix) {
  const isHere = ["auto", "daemon", "local"].includes(await readStoreSetting(nix) ?? "");
  const known = isHere ? readValidInDatabase(nix) : void 0;
  if (known !== void 0) return new Set(known);
  const { code, stdout, stderr } = await nix.exec(nix.program, ["path-info", ...features, "--all"], { env: nix.env });
  if (code !== 0) throw new Failure(`Cannot list the store: ${stderr.trim()}`);
  return new Set(linesOf(stdout));
}
async function findInvalidPaths(nix, paths) {
  return new Set(await askStore(nix, ["--check-validity", "--print-invalid"], paths));
}
async function readRequisites(nix, paths) {
  return new Set(await askStore(nix, ["--query", "--requisites", "--include-outputs"], paths));
}
async function readFlakeInputs(nix, { target }, directory) {
  if (target.kind === "file") return [];
  const flake = target.installable.split("#")[0] || ".";
  const args = ["flake", "archive", ...features, "--json", "--dry-run", "--no-write-lock-file", "--", flake];
  const { code, stdout, stderr } = await nix.exec(nix.program, args, { env: nix.env, cwd: directory });
  if (code !== 0) throw new Failure(`Cannot list the inputs of ${describeTarget(target)}: ${stderr.trim()}`);
  return inputsBelow(JSON.parse(stdout)).flatMap(({ path }) => path === void 0 ? [] : [path]);
}
function inputsBelow({ inputs = {} }) {
  return Object.values(inputs).flatMap((input) => [input, ...inputsBelow(input)]);
}
async function ownsStore(nix) {
  return writesStore(await readStoreSetting(nix) ?? (await readSettings2(nix)).store);
}
async function readStoreSetting({ env }) {
  try {
    const set = (await readSettings(env)).findLast((line) => /^store\s/.test(line));
    return set?.split("=")[1]?.trim() ?? (env.NIX_REMOTE || "auto");
  } catch {
    return void 0;
  }
}
async function writesStore(store) {
  if (!["auto", "local"].includes(store)) return false;
  try {
    for (const path of [storeDirectory, "/nix/var/nix", "/nix/var/nix/db"]) await access2(path, constants2.W_OK);
    return true;
  } catch {
    return false;
  }
}
async function readSettings2({ program, env, exec }) {
  for (const command of [["show-config"], ["config", "show"]]) {
    const { code, stdout } = await exec(program, [...command, ...features, "--json"], { env });
    if (code !== 0) continue;
    const settings = JSON.parse(stdout);
    const listOf = (name) => settings[name]?.value ?? [];
    return {
      store: String(settings.store?.value),
      substituters: listOf("substituters"),
      trustedPublicKeys: listOf("trusted-public-keys"),
      requireSigs: settings["require-sigs"]?.value !== false
    };
  }
  throw new Failure('Cannot find out which store Nix uses: both "nix config show" and "nix show-config" failed.');
}
async function isTrustedBy(nix) {
  if (await ownsStore(nix)) return true;
  for (const command of ["info", "ping"]) {
    const { code, stdout } = await nix.exec(nix.program, ["store", command, ...features, "--json"], { env: nix.env });
    if (code !== 0) continue;
    const { trusted } = JSON.parse(stdout);
    return trusted === true || trusted === 1;
  }
  return false;
}
async function registerPaths(nix, registration) {
  await feedStore(nix, "--load-db", registration);
}
async function importPaths(nix, stream) {
  try {
    await feedStore(nix, "--import", stream);
  } catch (cause) {
    if (!/lacks a (valid )?signature/.test(messageOf(cause))) throw cause;
    throw new Failure("the Nix daemon accepts them only from trusted users. Add this user to its trusted-users", {
      cause
    });
  }
}
async function substitutePaths(nix, paths) {
  try {
    await askStore(nix, ["--realise"], paths);
    return true;
  } catch {
    return false;
  }
}
async function keepPaths(nix, paths, directory) {
  if (await ownsStore(nix)) return linkRoots(paths, directory, nix);
  for (const batch of inBatches(paths)) {
    const root = join2(directory, `kept-${randomUUID()}`);
    await askStore(nix, ["--realise", "--add-root", root, "--indirect"], batch);
  }
}
async function linkRoots(paths, directory, { env }) {
  const roots = join2(stateDirectoryOf(env), "gcroots/auto");
  await mkdir(roots, { recursive: true });
  for (const path of paths) {
    const name = randomUUID();
    const link = join2(directory, `kept-${name}`);
    await symlink(path, link);
    await symlink(link, join2(roots, name));
  }
}
async function feedStore(nix, command, input) {
  const { code, stderr } = await runProgram(storeProgram(nix), [command], { env: nix.env, input });
  if (code !== 0) throw new Failure(`nix-store ${command} failed: ${stderr.trim()}`);
}
async function askStore(nix, command, paths) {
  const answers = [];
  for (const batch of inBatches(paths)) {
    const args = [...command, ...batch];
    const { code, stdout, stderr } = await nix.exec(storeProgram(nix), args, { env: nix.env });
    if (code !== 0) throw new Failure(`nix-store ${command[0]} failed: ${stderr.trim()}`);
    answers.push(...linesOf(stdout));
  }
  return answers;
}
function storeProgram({ program, env }) {
  const directories = [dirname(program), dirname(realpathSync(program))];
  const found = directories.map((directory) => join2(directory, "nix-store")).find(isExecutable) ?? findProgram("nix-store", env);
  if (found !== void 0) return found;
  throw new Failure(`Cannot query the store: there is no nix-store next to ${program} or on PATH. Reinstall Nix.`);
}
function linesOf(text) {
  return text.split("\n").filter((line) => line !== "");
}

// src/stages/build/job-notes.ts
var nothing = { built: {} };
async function readJobNotes({ job, log }) {
  try {
    const text = await job?.read();
    return text === void 0 ? nothing : parseNotes(JSON.parse(text));
  } catch (error) {
    log.warning(`Ignoring what earlier steps of this job recorded for the store cache: ${messageOf(error)}`);
    return nothing;
  }
}
async function addJobNotes(runtime, { built, ...notes }) {
  if (runtime.job === void 0) return;
  const known = await readJobNotes(runtime);
  try {
    await runtime.job.write(JSON.stringify({ ...known, ...notes, built: { ...known.built, ...built } }));
  } catch (error) {
    runtime.log.warning(`Later steps of this job may save less to the store cache: ${messageOf(error)}`);
  }
}
function parseNotes(json) {
  const { before, installed, built } = isObject(json) ? json : {};
  const isRelease = installed === void 0 || typeof installed === "string" && /^nix[\w.]{1,40}-[0-9a-f]{8}$/.test(installed);
  if (!isRelease || !(before === void 0 || areStorePaths(before)) || !isObject(built)) throw notOurs();
  return {
    ...before === void 0 ? {} : { before },
    ...installed === void 0 ? {} : { installed },
    built: Object.fromEntries(Object.entries(built).map(([key, paths]) => [key, areStorePaths(paths) ? paths : []]))
  };
}
function notOurs() {
  return new Failure("the record is malformed");
}

// src/nix/closure.ts
function readClosure(nix, paths) {
  return readPathInfos(nix, paths, ["--recursive"]);
}
function readRegistrations(nix, paths) {
  return readPathInfos(nix, paths, []);
}
async function readValidPaths(nix, paths) {
  const rows = readRegisteredInDatabase(nix, paths);
  if (rows !== void 0) {
    return new Map(
      rows.map(({ path, hash, deriver, ...of }) => [
        path,
        { ...of, narHash: parseNarHash(hash, path), ...deriver === void 0 ? {} : { deriver } }
      ])
    );
  }
  const invalid = await findInvalidPaths(nix, paths);
  return readRegistrations(
    nix,
    paths.filter((path) => !invalid.has(path))
  );
}
function readAvailable(nix, paths) {
  return readPathInfos(nix, paths, [], isAvailable);
}
function isAvailable(info) {
  return info !== null && info.valid !== false;
}
async function readNarHashes(nix, paths) {
  const hashes = readHashesInDatabase(nix, paths) ?? await askForHashes(nix, paths);
  return new Map(paths.map((path, i) => [path, parseNarHash(hashes[i] ?? "", path)]));
}
async function readNarSizes(nix, paths) {
  const sizes = readSizesInDatabase(nix, paths) ?? await askForSizes(nix, paths);
  return new Map(sizes.map((size, i) => [paths[i] ?? "", size]));
}
async function askForSizes(nix, paths) {
  try {
    const sizes = (await askStore(nix, ["--query", "--size"], paths)).map(Number);
    return sizes.length === paths.length && sizes.every(Number.isSafeInteger) ? sizes : [];
  } catch {
    return [];
  }
}
async function askForHashes(nix, paths) {
  try {
    return await askStore(nix, ["--query", "--hash"], paths);
  } catch (cause) {
    throw new Failure(`Cannot query the store paths of the image: ${messageOf(cause)}`, { cause });
  }
}
async function readPathInfos(nix, paths, options, isWanted = () => true) {
  const infos = /* @__PURE__ */ new Map();
  const isDerivation = (path) => path.endsWith(".drv");
  for (const [some, more] of [
    [paths.filter((path) => !isDerivation(path)), options],
    // Before 2.15, Nix takes a derivation as its outputs by default.
    [paths.filter(isDerivation), [...options, "--derivation"]]
  ]) {
    for (const batch of inBatches(some)) {
      const json = await pathInfo(nix, [...more, "--", ...batch]);
      for (const [path, info] of entriesOf(JSON.parse(json))) {
        if (isWanted(info)) infos.set(path, parsePathInfo(path, info));
      }
    }
  }
  return new Map([...infos].sort(([a], [b]) => a < b ? -1 : 1));
}
async function pathInfo(nix, args) {
  const run = (format) => runProgram(nix.program, ["path-info", ...features, "--json", ...format, ...args], { env: nix.env });
  let result = await run([]);
  if (result.code !== 0 && result.stderr.includes("--json-format")) result = await run(["--json-format", "1"]);
  if (result.code === 0) return result.stdout;
  throw new Failure(`Cannot query the store paths of the image: ${result.stderr.trim()}`);
}
function entriesOf(json) {
  if (Array.isArray(json)) return json.map((info) => [info.path, info]);
  return Object.entries(json);
}
function parsePathInfo(path, info) {
  const {
    narHash,
    narSize,
    references,
    deriver,
    signatures = [],
    ultimate,
    ca
  } = info ?? {};
  if (narHash === void 0 || narSize === void 0 || references === void 0) {
    throw new Failure(`Cannot use ${path}: it is not in the store. Build it again.`);
  }
  return {
    narHash: parseNarHash(narHash, path),
    narSize,
    references,
    // Nix 2.8 omits it if it is unknown, newer versions print null.
    ...deriver === void 0 || deriver === null ? {} : { deriver },
    signatures,
    isSubstitutable: ultimate !== true && signatures.length > 0,
    isBuiltHere: ultimate === true,
    isContentAddressed: Boolean(ca)
  };
}
function parseNarHash(text, path) {
  const digits = /^sha256[:-]([0-9a-zA-Z+/]+=*)$/.exec(text)?.[1] ?? "";
  const hex = digits.length === 64 ? digits : digits.length === 52 ? fromBase32(digits) : fromBase64(digits);
  if (/^[0-9a-f]{64}$/.test(hex)) return `sha256:${hex}`;
  throw new Failure(`Cannot use ${path}: its NAR hash "${text}" is not a SHA-256 in a known format.`);
}
function fromBase64(digits) {
  return Buffer.from(digits, "base64").toString("hex");
}
function fromBase32(digits) {
  const alphabet = "0123456789abcdfghijklmnpqrsvwxyz";
  const bytes = Buffer.alloc(32);
  for (let i = 0; i < digits.length; i++) {
    const digit = alphabet.indexOf(digits[digits.length - 1 - i]);
    if (digit < 0) return "";
    const at = i * 5 >> 3;
    const shifted = digit << (i * 5 & 7);
    bytes[at] = bytes[at] | shifted;
    if (at < 31) bytes[at + 1] = shifted >> 8;
  }
  return bytes.toString("hex");
}

// src/cache/oci/old-entries.ts
function oldEntries(tags, keep, now) {
  const { count = Number.POSITIVE_INFINITY, age = Number.POSITIVE_INFINITY } = keep;
  const seen = /* @__PURE__ */ new Map();
  return tags.toSorted(newestFirst).filter(({ key, time }) => {
    const build = buildOf(key);
    const newer = seen.get(build) ?? 0;
    seen.set(build, newer + 1);
    return newer >= count || now - time > age;
  });
}
function buildOf(key) {
  return /^nix-image-(?:\d+-.+?|result-\d+)-[0-9a-f]{12}(?=-)/.exec(key)?.[0] ?? key;
}

// src/stages/build/delete-old-entries.ts
async function deleteAfterSave({ inputs, runtime }, body) {
  const { keep, registry } = inputs.cache;
  if (keep === void 0 || registry === void 0) return;
  try {
    const access3 = openCacheAccess(inputs, runtime);
    await body(registry.repository, keep, { runtime, access: access3, dryRun: false });
  } catch (error) {
    runtime.log.warning(`Cannot delete old entries of the store cache: ${messageOf(error)}`);
  }
}
async function deleteOld(repository, keep, context) {
  const entries = await deleteOldEntries(repository, keep, context);
  const results = await deleteOldResults(repository, keep, context);
  return { deleted: [...entries.deleted, ...results.deleted], kept: [...entries.kept, ...results.kept] };
}
async function deleteOldEntries(repository, keep, { runtime, access: access3, dryRun, saved }) {
  const { client, tagStore } = await openTagStore(repository, { runtime, access: access3 });
  const old = oldEntries(readEntryTags(await listTags(client)), keep, runtime.now());
  const tags = old.flatMap(({ tag }) => tag === saved ? [] : [tag]);
  const { entries, others } = await readOld(tags, client);
  const options = { client, tagStore, dryRun, log: runtime.log };
  const [own, rest] = [
    await deleteWithManifests(entries, options),
    others.length === 0 ? void 0 : await deleteTags(others, options)
  ];
  return { deleted: [...own.deleted, ...rest?.deleted ?? []], kept: [...own.kept, ...rest?.kept ?? []] };
}
var resultsPerBuild = 2;
async function deleteOldResults(repository, keep, { runtime, access: access3, dryRun, build }) {
  const { client, tagStore } = await openTagStore(repository, { runtime, access: access3 });
  const pool = createPool(readsAtATime);
  const listed = (await listTags(client)).tags.filter(isResultKey);
  const tags = listed.filter((tag) => build === void 0 || buildOf(tag) === build);
  const read = async (tag) => await readSavedResult(client, tag) ?? [];
  const results = await settleAll(tags.map((tag) => pool(() => read(tag))));
  const ofResults = keep.count === void 0 ? keep : { ...keep, count: keep.count * resultsPerBuild };
  const old = oldEntries(results.flat(), ofResults, runtime.now());
  const digests = new Map(old.map(({ tag, digest }) => [tag, digest]));
  return deleteWithManifests(digests, { client, tagStore, dryRun, log: runtime.log });
}
async function readOld(tags, client) {
  const pool = createPool(readsAtATime);
  const entries = /* @__PURE__ */ new Map();
  const others = [];
  const read = async (tag) => {
    const stored = await findManifest(client, tag);
    if (stored === void 0 || !isArtifact(stored.bytes)) return;
    if (namesTag(stored.bytes, tag)) entries.set(tag, digestOf(stored.bytes));
    else others.push(tag);
  };
  await settleAll(tags.map((tag) => pool(() => read(tag))));
  return { entries, others: others.sort() };
}
function namesTag(bytes, tag) {
  try {
    parseArtifact(bytes, { artifactType: entryTypes.artifact, tag });
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

export {
  features,
  targetArguments,
  describeTarget,
  inBatches,
  nixDirectory,
  stateDirectory,
  prepareNixDirectory,
  findRefusal,
  readLargestInDatabase,
  withBuildGraph,
  listValidPaths,
  findInvalidPaths,
  readRequisites,
  readFlakeInputs,
  ownsStore,
  readSettings2 as readSettings,
  isTrustedBy,
  registerPaths,
  importPaths,
  substitutePaths,
  keepPaths,
  storeProgram,
  readJobNotes,
  addJobNotes,
  readClosure,
  readRegistrations,
  readValidPaths,
  readAvailable,
  readNarHashes,
  readNarSizes,
  buildOf,
  deleteAfterSave,
  deleteOld,
  deleteOldResults
};
