import {
  derivationReader,
  findDerivations
} from "./chunk-7T4EEEUH.mjs";
import {
  createBuildLog,
  openStreamLayer,
  readLogLine
} from "./chunk-YZKW6YE4.mjs";
import {
  inBatches,
  readRegistrations,
  readRequisites,
  storeProgram
} from "./chunk-INTXPZ6B.mjs";
import {
  compareTars,
  fileDifferenceLines
} from "./chunk-QXXOMLBA.mjs";
import {
  isStorePath,
  storeDirectoryOf
} from "./chunk-XBGOFGJP.mjs";
import {
  Failure
} from "./chunk-UH7NESJ6.mjs";

// src/nix/rebuild.ts
async function rebuild(nix, derivations, runtime) {
  const all = [.../* @__PURE__ */ new Set([...derivations, ...await findBuiltHere(nix, derivations)])].sort();
  const different = [];
  for (const batch of inBatches(all)) different.push(...await check(nix, batch, runtime));
  return { derivations: all, different };
}
async function findBuiltHere(nix, derivations) {
  const requisites = await readRequisites(nix, derivations);
  const paths = [...requisites].filter((path) => !path.endsWith(".drv"));
  const registered = await readRegistrations(nix, paths);
  const builtHere = [...registered].filter(
    ([, { isBuiltHere, isContentAddressed }]) => isBuiltHere && !isContentAddressed
  );
  const made = builtHere.map(([path]) => path);
  const found = findDerivations(made, derivations, { nix, read: derivationReader() });
  return [...found.values()];
}
async function check(nix, derivations, runtime) {
  const run = async (options) => {
    const log = createBuildLog(runtime.now);
    const args = ["--realise", "--no-gc-warning", ...options, "--log-format", "internal-json", ...derivations];
    const { code: code2 } = await nix.exec(storeProgram(nix), args, {
      env: nix.env,
      cwd: runtime.directory,
      onErrorLine: (line) => {
        const said = readLogLine(log, line);
        if (said !== void 0) runtime.log[said.level](said.text);
      }
    });
    return { code: code2, errors: log.errors, last: [...log.errors, ...log.plain].join("\n"), work: log.work };
  };
  const before = await run([]);
  if (before.code !== 0) throw new Failure(`Cannot build the image again: ${before.last}`);
  const { code, errors, last, work } = await run(["--check", "--keep-failed", "--keep-going"]);
  const different = differencesIn(errors, storeDirectoryOf(nix.env));
  if (different.length > 0) return different;
  if (code !== 0) throw new Failure(`Cannot build the image again: ${last}`);
  if (work.builtElsewhere === 0 && work.built >= derivations.length) return [];
  throw new Failure(
    'Cannot compare a second build: Nix did not build all of it on this machine, and compares nothing else. Put "max-jobs = 1" or more into nix-conf.'
  );
}
var difference = /^derivation ['"]\S+\.drv['"] may not be deterministic: output ['"](?<path>[^\s'"]+)['"] differs(?: from ['"](?<again>[^\s'"]+)['"])?/m;
function differencesIn(errors, store) {
  const found = /* @__PURE__ */ new Map();
  for (const error of errors) {
    const { path = "", again } = difference.exec(error)?.groups ?? {};
    if (isStorePath(path, store)) found.set(path, { path, again: again === `${path}.check` ? again : void 0 });
  }
  return [...found.values()].sort((a, b) => a.path < b.path ? -1 : 1);
}

// src/stages/rebuild/rebuild-images.ts
var mostOutputs = 5;
async function rebuildImages(images, { images: built, contents = [] }, runtime) {
  if (!images.some(({ checkReproducible }) => checkReproducible)) return void 0;
  const nix = built.flat()[0]?.nix;
  const derivations = [...built.flat(), ...contents].map(({ drvPath, path }) => {
    if (drvPath !== void 0) return drvPath;
    throw new Failure(
      `Cannot build ${path} again: it was given as a store path, and how it was built is not known. Remove check-reproducible, or give an installable with a derivation.`
    );
  });
  return runtime.log.group("Rebuild", async () => {
    const rebuilt = await rebuild(nix, derivations, runtime);
    if (rebuilt.different.length > 0) throw await describe(rebuilt.different);
    runtime.log.info(`Built ${rebuilt.derivations.length} derivations again, with the same files.`);
    return rebuilt.derivations;
  });
}
async function describe(different) {
  const sections = [];
  for (const { path, again } of different.slice(0, mostOutputs)) {
    const comparison = again === void 0 ? void 0 : await compareTars(tarOf(path, path), tarOf(path, again));
    const files = comparison === void 0 ? [] : fileDifferenceLines(comparison, path).map((line) => `  ${line}`);
    const place = again === void 0 ? "Nix kept no second output" : `the second time in ${again}:`;
    sections.push([`${path}, ${place}`, ...files].join("\n"));
  }
  const more = different.length - sections.length;
  const others = more > 0 ? [`and ${more} more outputs`] : [];
  return new Failure(
    ["The image is not reproducible: built again, its files differ. No tag was moved.", ...sections, ...others].join(
      "\n"
    )
  );
}
function tarOf(path, place) {
  const owner = { mtime: 1, uid: 0, gid: 0, uname: "root", gname: "root" };
  const open = () => openStreamLayer({ paths: [path], owner, nixMode: 493 }, () => place);
  return { description: place, open };
}

export {
  rebuildImages
};
