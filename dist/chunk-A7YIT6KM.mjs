const { writeFile } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join } = globalThis.process.getBuiltinModule("node:path");
import {
  readLayerUsage
} from "./chunk-J3WADLHT.mjs";
import {
  withoutImports
} from "./chunk-FWHS4F6C.mjs";
import {
  derivationReader,
  findDerivations,
  inputFor
} from "./chunk-7T4EEEUH.mjs";
import {
  features,
  readValidPaths,
  targetArguments
} from "./chunk-INTXPZ6B.mjs";
import {
  openTar,
  readMembers
} from "./chunk-XL7E7YGZ.mjs";
import {
  nixSystem
} from "./chunk-JYQXIE4E.mjs";
import {
  diffIdsOf
} from "./chunk-QGRX4KWZ.mjs";
import {
  guessCpe,
  packageUrl
} from "./chunk-3G4PY4B2.mjs";
import {
  isInStore,
  isStorePath,
  parsePackageName,
  storePathName
} from "./chunk-XBGOFGJP.mjs";
import {
  hexOf
} from "./chunk-HEI324TL.mjs";
import {
  createPool,
  inBackground,
  isObject,
  publicUrl,
  settleAll
} from "./chunk-UH7NESJ6.mjs";

// src/nix/path-meta.ts
var findMeta = (hashes, names, target) => `input:
let
  x = if builtins.isFunction input then input { } else input;
  wanted = setOf (builtins.fromJSON ${quoted(hashes)});
  names = map builtins.parseDrvName (builtins.fromJSON ${quoted(names)});
  target = ${quoted(target)};
  most = 3;

  setOf = list: builtins.listToAttrs (map (name: { inherit name; value = null; }) list);
  attempt = thing: let tried = builtins.tryEval thing; in if tried.success then tried.value else null;
  get = name: from: attempt (if builtins.isAttrs from && from ? \${name} then from.\${name} else null);
  text = thing: if builtins.isString thing then builtins.unsafeDiscardStringContext thing else null;
  list = thing: if builtins.isList thing then thing else if thing == null then [ ] else [ thing ];
  isDerivation = thing: text (get "type" thing) == "derivation";
  derivations = thing: builtins.filter isDerivation (map attempt (list thing));
  isWanted = path: path != null && wanted ? \${builtins.substring (builtins.stringLength builtins.storeDir + 1) 10 path};

  outputsOf = package:
    let names = get "outputs" package; in
    map (output: text (get "outPath" (get output package))) (if builtins.isList names then names else [ "out" ]);
  item = steps: package: let paths = builtins.filter isWanted (outputsOf package); in {
    key = text (get "drvPath" package);
    inherit package paths;
    steps = if paths == [ ] then steps else 0;
  };
  items = steps: packages: builtins.filter (one: one.key != null) (map (item steps) packages);
  inputsOf = package:
    let attributes = get "drvAttrs" package; in
    builtins.concatMap derivations (if attributes == null then [ ] else builtins.attrValues attributes)
    ++ builtins.concatMap (name: derivations (get name package)) [ "cc" "libc" ];
  visited = builtins.genericClosure {
    startSet = start;
    operator = { package, steps, ... }: if steps < most then items (steps + 1) (inputsOf package) else [ ];
  };

  # Attributes that may have a package: nodejs, nodejs_24, python313, python313Packages.requests.
  attributesOf = { name, version }:
    let
      parts = builtins.filter (part: builtins.match "[0-9]+" part != null) (builtins.splitVersion version);
      major = if parts == [ ] then "" else builtins.head parts;
      minor = if builtins.length parts < 2 then "" else builtins.elemAt parts 1;
      python = builtins.match "python([0-9]+)[.]([0-9]+)-(.+)" name;
      set = if python == null then null else get "python\${builtins.elemAt python 0}\${builtins.elemAt python 1}Packages" x;
    in map (attribute: get attribute x) [ name "\${name}_\${major}" "\${name}\${major}" "\${name}\${major}\${minor}" ]
      ++ (if set == null then [ ] else [ (get (builtins.elemAt python 2) set) ]);
  isNamed = let known = setOf (map ({ name, ... }: name) names); in
    package: let name = text (get "name" package); in
      isDerivation package && name != null && known ? \${(builtins.parseDrvName name).name};
  own = if target == "" then [ ] else builtins.filter isNamed (map attempt (builtins.attrValues x));
  start =
    if isDerivation x then items 0 [ x ]
    else
      items 0 (derivations (get target x))
      ++ items (most - 1) (own ++ builtins.concatMap (one: derivations (attributesOf one)) names);

  nameOf = license:
    let
      named = builtins.filter (name: name != null) (map (key: text (get key license)) [ "spdxId" "shortName" "fullName" ]);
    in if builtins.isString license then text license else if named == [ ] then null else builtins.head named;
  describe = { package, paths, ... }:
    let
      meta = get "meta" package;
      homepages = list (get "homepage" meta);
      identifiers = get "identifiers" meta;
      possible = list (get "possibleCPEs" identifiers);
    in {
      inherit paths;
      cpe = text (get "cpe" identifiers);
      possibleCpe = if possible == [ ] then null else text (get "cpe" (attempt (builtins.head possible)));
      licenses = builtins.filter (name: name != null) (map (one: nameOf (attempt one)) (list (get "license" meta)));
      homepage = if homepages == [ ] then null else text (attempt (builtins.head homepages));
    };
in map describe (builtins.filter ({ paths, ... }: paths != [ ]) visited)`;
function quoted(text) {
  return JSON.stringify(text);
}
var mostAsked = 2e3;
var hashLength = 10;
async function readPathMeta(nix, wanted, runtime) {
  const found = /* @__PURE__ */ new Map();
  const missing = () => wanted.paths.filter((path) => !found.has(path)).slice(0, mostAsked);
  const ask = async (question) => {
    const answers = await evaluate(nix, { ...question, paths: missing() }, runtime);
    for (const { paths, meta } of answers ?? []) {
      for (const path of paths) if (!found.has(path)) found.set(path, meta);
    }
    return answers !== void 0;
  };
  const inputs = { ...wanted.inputs, target: withoutOutputs(wanted.inputs.target) };
  const flake = inputs.target.kind === "installable" ? flakeOf(inputs.target.installable) : void 0;
  const isAnswered = flake?.attribute !== void 0 && await ask({
    inputs: of(inputs, `${flake.url}#packages.${flake.system}`),
    target: flake.attribute,
    options: withoutImports
  });
  if (!isAnswered) await ask({ inputs, target: "", options: [] });
  if (flake === void 0 || missing().length === 0 || !await hasNixpkgs(flake.url, inputs, { nix, runtime }))
    return found;
  const options = [...withoutImports, "--inputs-from", flake.url, ...await withoutRegistry(runtime)];
  await ask({ inputs: of(inputs, `nixpkgs#legacyPackages.${flake.system}`), target: "", options });
  return found;
}
function of(inputs, installable) {
  return { ...inputs, target: { kind: "installable", installable } };
}
function withoutOutputs(target) {
  const cut = (text) => text.replace(/\^[^"]*$/, "");
  if (target.kind === "installable") return { ...target, installable: cut(target.installable) };
  return target.attr === void 0 ? target : { ...target, attr: cut(target.attr) };
}
function flakeOf(installable) {
  const [, url = "", name = ""] = /^([^#]*)#?(.*)$/s.exec(installable) ?? [];
  if (isStorePath(url)) return void 0;
  const [, system = nixSystem, attribute] = /^(?:packages\.([\w-]+)\.)?([\w+-]*)$/.exec(name) ?? [];
  return { url: url || ".", system, attribute: attribute === "" ? "default" : attribute };
}
async function hasNixpkgs(url, { buildArgs }, { nix, runtime }) {
  const args = ["flake", "metadata", ...features, "--json", "--no-write-lock-file", ...buildArgs, "--", url];
  const { code, stdout } = await nix.exec(nix.program, args, { env: nix.env, cwd: runtime.directory });
  if (code !== 0) return false;
  const { locks } = JSON.parse(stdout);
  return Object.hasOwn(locks?.nodes[locks.root]?.inputs ?? {}, "nixpkgs");
}
async function withoutRegistry({ temporary }) {
  const file = join(temporary, "no-flakes.json");
  await writeFile(file, JSON.stringify({ version: 2, flakes: [] }));
  return ["--option", "flake-registry", file];
}
async function evaluate(nix, { inputs, target, options, paths }, runtime) {
  const hashes = paths.map((path) => path.slice(path.lastIndexOf("/") + 1).slice(0, hashLength));
  const names = shortEnough([...new Set(paths.map(storePathName))]);
  const apply = findMeta(JSON.stringify(hashes), JSON.stringify(names), target);
  const flags = ["--json", "--read-only", "--no-write-lock-file", ...options, "--apply", apply];
  const args = ["eval", ...features, ...flags, ...targetArguments(inputs)];
  const result = await nix.exec(nix.program, args, { env: nix.env, cwd: runtime.directory });
  if (result.code === 0) return parseAnswers(JSON.parse(result.stdout));
  runtime.log.debug(`No metadata of packages: ${result.stderr.trim()}`);
  return void 0;
}
var mostNames = 64 << 10;
function shortEnough(names) {
  let left = mostNames;
  return names.filter(({ length }) => {
    left -= length + '\\"\\",'.length;
    return left >= 0;
  });
}
var longestText = 500;
var mostLicenses = 20;
function parseAnswers(json) {
  return (Array.isArray(json) ? json : []).filter(isObject).map(({ paths, licenses, homepage, cpe, possibleCpe }) => {
    const isUrl = typeof homepage === "string" && /^https?:\/\//.test(homepage) && URL.canParse(homepage);
    const names = textsIn(licenses).filter((name) => name !== "" && name.length <= longestText);
    return {
      paths: textsIn(paths),
      meta: {
        licenses: [...new Set(names)].slice(0, mostLicenses),
        ...isUrl && homepage.length <= longestText ? { homepage: publicUrl(homepage) } : {},
        ...isCpe(cpe) ? { cpe } : {},
        ...isCpe(possibleCpe) ? { possibleCpe } : {}
      }
    };
  });
}
function textsIn(list) {
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
}
function isCpe(text) {
  return typeof text === "string" && text.length <= longestText && cpePattern.test(text);
}
var cpePattern = /^cpe:2\.3:[aho](?::(?:[\w.*?-]|\\[!-/:-@[-`{-~])+){10}$/;

// src/sbom/inventory-path.ts
function inventoryPath(path, known) {
  const { derivation, registration, meta, sources, patches } = known;
  const parsed = parsePackageName(path);
  const attributes = derivation?.attributes ?? {};
  const name = attributes.pname || parsed.name;
  const version = attributes.version || parsed.version;
  const output = derivation?.outputs.find((one) => one.path === path)?.name;
  const cpe = cpeOf({ name, version }, meta);
  return {
    path,
    name,
    version,
    sources,
    patches,
    purl: packageUrl({ name, version, sources, attributes }),
    ...output === void 0 ? {} : { output },
    ...derivation === void 0 ? {} : { drvPath: derivation.path },
    ...registration === void 0 ? {} : { registration },
    ...cpe === void 0 ? {} : { cpe },
    ...meta === void 0 ? {} : { meta }
  };
}
function cpeOf({ name, version }, meta) {
  const { cpe, possibleCpe } = meta ?? {};
  if (cpe !== void 0) return { name: cpe, origin: "stated by the package" };
  if (possibleCpe !== void 0)
    return { name: possibleCpe, origin: "guessed, for the vendor that the package states" };
  const guess = guessCpe(name, version);
  return guess === void 0 ? void 0 : { name: guess, origin: "guessed from name and version" };
}

// src/sbom/source-files.ts
function readSourceFiles(derivation, read) {
  const { src = "", srcs = "", patches = "" } = derivation.attributes;
  const describe = (list) => pathsIn(list).map((path) => describeFile(path, derivation, read));
  return { sources: describe(`${src} ${srcs}`), patches: describe(patches) };
}
function pathsIn(list) {
  const words = new Set(list.split(/\s+/).filter((word) => isInStore(word)));
  return [...words];
}
function describeFile(file, derivation, read) {
  const path = file.split("/").slice(0, 4).join("/");
  const fetcher = inputFor(path, derivation, read);
  const output = fetcher?.outputs.find((one) => one.path === path);
  if (fetcher === void 0 || output === void 0 || output.hash === "") return { path: file };
  const url = fetchedFrom(fetcher.attributes);
  const { algorithm, hash: hex } = output;
  const hash = { algorithm: algorithm.replace(/^r:/, ""), hex, isNar: algorithm.startsWith("r:") };
  return { path: file, ...url === void 0 ? {} : { url }, hash };
}
var longestUrl = 2048;
var harmlessNames = /* @__PURE__ */ new Set(["full_index", "id", "h", "rev", "commit"]);
var harmlessValue = /^(?:v?\d{1,5}(?:\.\d{1,5}){0,3}|[0-9a-f]{40})$/;
function fetchedFrom({ url, urls, rev }) {
  const [first = ""] = (urls || url || "").trim().split(/\s+/);
  if (first.length > longestUrl || !URL.canParse(first)) return void 0;
  const parsed = new URL(first);
  parsed.username = "";
  parsed.password = "";
  parsed.hash = "";
  const isHarmless = [...parsed.searchParams].every(
    ([name, value]) => harmlessNames.has(name) && harmlessValue.test(value)
  );
  if (!isHarmless) parsed.search = "";
  const isGit = rev !== void 0 && /^[\w./-]+$/.test(rev) && urls === void 0;
  return isGit ? `git+${parsed.href}@${rev}` : parsed.href;
}

// src/stages/sbom/read-image-paths.ts
async function readImagePaths(image) {
  const pool = createPool(4);
  const read = await settleAll(image.layers.map((layer) => pool(() => readLayerPaths(layer))));
  const listed = diffIdsOf(image.config) ?? [];
  const layers = read.map((one, i) => ({ ...one, diffId: image.layers[i]?.diffId ?? listed[i] }));
  return imagePathsOf(layers, image.base);
}
async function readLayerPaths(layer) {
  if (layer.remote !== void 0) return { paths: [], hasOthers: true };
  if (layer.reportsMembers) {
    const paths = (layer.contents?.paths ?? []).map(({ path }) => path);
    const whole = new Set(layer.storePaths ?? layer.wholeStorePaths);
    return {
      paths: paths.filter((path) => isStorePath(path)),
      hasOthers: !paths.every((path) => isStorePath(path)),
      rewritten: paths.filter((path) => !whole.has(path))
    };
  }
  const description = layer.description ?? `the layer ${layer.descriptor?.digest ?? layer.diffId ?? ""}`;
  const usage = await readLayerUsage(readMembers(openTar(layer), description), description);
  return { paths: [...usage.paths.keys()], hasOthers: usage.otherBytes > 0 };
}
function imagePathsOf(layers, base) {
  const paths = [...new Set(layers.flatMap((layer) => layer.paths))].sort();
  const first = layers.findIndex((layer) => layer.paths.length > 0);
  const below = Math.max(first, 0);
  const diffIds = layers.slice(0, below).flatMap(({ diffId }) => diffId ?? []);
  return {
    paths,
    rewritten: new Set(layers.flatMap(({ rewritten = [] }) => rewritten)),
    base: base === void 0 && below === 0 ? void 0 : { ...base, diffIds },
    hasUnknownLayers: layers.slice(below).some(({ hasOthers }) => hasOthers)
  };
}

// src/stages/sbom/read-inventory.ts
async function readInventory(image, from) {
  const inImage = await readImagePaths(image);
  const { nix } = from.built;
  return nix === void 0 ? bareInventory(inImage) : describePaths(inImage, { nix, ...from });
}
function bareInventory({ paths, rewritten, ...others }) {
  return { ...others, paths: paths.map((path) => placed(inventoryPath(path, nothingKnown), rewritten)) };
}
function placed(path, rewritten) {
  return rewritten.has(path.path) ? { ...path, isRewritten: true } : path;
}
var nothingKnown = { derivation: void 0, registration: void 0, meta: void 0, sources: [], patches: [] };
async function describePaths({ paths, rewritten, ...others }, { nix, built: { drvPath }, source, inputs, runtime }) {
  const reading = source === void 0 || source.kind === "path" ? void 0 : inBackground(readPathMeta(nix, { inputs: { ...inputs, target: source }, paths }, runtime));
  const known = await readValidPaths(nix, paths);
  const read = derivationReader();
  const derivers = [...known.values()].flatMap(({ deriver }) => deriver ?? []);
  const roots = [...drvPath === void 0 ? [] : [drvPath], ...derivers];
  const derivations = findDerivations(paths, roots, { nix, read });
  const inImage = new Set(paths);
  const meta = await reading;
  const describe = (path) => {
    const derivation = read(derivations.get(path) ?? "");
    const info = known.get(path);
    return inventoryPath(path, {
      derivation,
      registration: info && registrationOf(path, info, inImage),
      meta: meta?.get(path),
      ...derivation === void 0 ? { sources: [], patches: [] } : readSourceFiles(derivation, read)
    });
  };
  return { ...others, paths: paths.map((path) => placed(describe(path), rewritten)) };
}
function registrationOf(path, { narHash, narSize, references }, inImage) {
  const others = references.filter((reference) => reference !== path);
  return {
    narHash: hexOf(narHash),
    narSize,
    references: others.filter((reference) => inImage.has(reference)).sort(),
    refersOutside: !others.every((reference) => inImage.has(reference))
  };
}

export {
  imagePathsOf,
  readInventory,
  bareInventory
};
