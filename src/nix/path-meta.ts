import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publicUrl } from '../lib/http/url-login.ts';
import { isObject } from '../lib/json-object.ts';
import type { Runtime } from '../runtime.ts';
import { isStorePath, storePathName } from '../store-path.ts';
import { type BuildInputs, type BuildTarget, features, targetArguments } from './build-target.ts';
import { withoutImports } from './derivation.ts';
import { nixSystem } from './system.ts';
import type { NixProgram } from './toolchain.ts';

/** What a package says about itself. nixpkgs manual, "Meta-attributes". */
export interface PathMeta {
  /** SPDX identifiers, or names of licences without one; several may mean "and" or "or". */
  readonly licenses: readonly string[];
  readonly homepage?: string;
  /** CPE 2.3 that the package states in full. */
  readonly cpe?: string;
  /** Otherwise the first of those that nixpkgs deems possible for the vendor that the package states. */
  readonly possibleCpe?: string;
}

/** The packages of a build whose metadata is wanted. */
export interface WantedMeta {
  /** What was built. */
  readonly inputs: BuildInputs;
  /** Store paths in the image, sorted. */
  readonly paths: readonly string[];
}

/**
 * Finds packages that have wanted store paths as outputs, in `x`: a package or a set of packages. It follows the inputs
 * of packages as long as they lead to wanted paths; a few steps may lead over others, such as an environment or a
 * compiler. `hashes` are the first characters of wanted hashes, `names` the names of the store paths, `target` an
 * attribute of the set.
 */
const findMeta = (hashes: string, names: string, target: string) => `input:
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

function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Paths in one question: with the names, it is an argument of at most 128 KiB. execve(2), MAX_ARG_STRLEN. */
const mostAsked = 2000;

/** Characters at the start of a hash that tell store paths apart; answers have them in full. */
const hashLength = 10;

/**
 * Licences and homepages of the packages in an image, as far as an evaluation gives them without building: from what
 * was built and its inputs, from other packages of its flake, and from the flake's input `nixpkgs`. Asks Nix once or
 * twice.
 */
export async function readPathMeta(
  nix: NixProgram,
  wanted: WantedMeta,
  runtime: Runtime,
): Promise<ReadonlyMap<string, PathMeta>> {
  const found = new Map<string, PathMeta>();
  const missing = () => wanted.paths.filter(path => !found.has(path)).slice(0, mostAsked);
  const ask = async (question: Question) => {
    const answers = await evaluate(nix, { ...question, paths: missing() }, runtime);
    for (const { paths, meta } of answers ?? []) {
      for (const path of paths) if (!found.has(path)) found.set(path, meta);
    }
    return answers !== undefined;
  };
  const inputs = { ...wanted.inputs, target: withoutOutputs(wanted.inputs.target) };
  const flake = inputs.target.kind === 'installable' ? flakeOf(inputs.target.installable) : undefined;
  const isAnswered =
    flake?.attribute !== undefined &&
    (await ask({
      inputs: of(inputs, `${flake.url}#packages.${flake.system}`),
      target: flake.attribute,
      options: withoutImports,
    }));
  // What was built imported what it needed, so that nothing is built now.
  if (!isAnswered) await ask({ inputs, target: '', options: [] });
  if (flake === undefined || missing().length === 0 || !(await hasNixpkgs(flake.url, inputs, { nix, runtime })))
    return found;
  const options = [...withoutImports, '--inputs-from', flake.url, ...(await withoutRegistry(runtime))];
  await ask({ inputs: of(inputs, `nixpkgs#legacyPackages.${flake.system}`), target: '', options });
  return found;
}

interface Question {
  readonly inputs: BuildInputs;
  /** An attribute of the set of packages that `inputs` names; empty if they name a package, or a set that lacks it. */
  readonly target: string;
  readonly options: readonly string[];
}

function of(inputs: BuildInputs, installable: string): BuildInputs {
  return { ...inputs, target: { kind: 'installable', installable } };
}

/** The package of chosen outputs: `.#app` for `.#app^dev`. nix3(1), "Derivation output selection" */
function withoutOutputs(target: BuildTarget): BuildTarget {
  const cut = (text: string) => text.replace(/\^[^"]*$/, '');
  if (target.kind === 'installable') return { ...target, installable: cut(target.installable) };
  return target.attr === undefined ? target : { ...target, attr: cut(target.attr) };
}

interface FlakePackage {
  readonly url: string;
  readonly system: string;
  /** Undefined if it is none of the flake's packages. */
  readonly attribute: string | undefined;
}

/** `.#image`, `.#packages.aarch64-linux.image`; undefined for a store path. */
function flakeOf(installable: string): FlakePackage | undefined {
  const [, url = '', name = ''] = /^([^#]*)#?(.*)$/s.exec(installable) ?? [];
  if (isStorePath(url)) return undefined;
  const [, system = nixSystem, attribute] = /^(?:packages\.([\w-]+)\.)?([\w+-]*)$/.exec(name) ?? [];
  return { url: url || '.', system, attribute: attribute === '' ? 'default' : attribute };
}

/** Whether a flake pins an input of this name; Nix would look for another one in its registries. */
async function hasNixpkgs(
  url: string,
  { buildArgs }: BuildInputs,
  { nix, runtime }: { readonly nix: NixProgram; readonly runtime: Runtime },
): Promise<boolean> {
  const args = ['flake', 'metadata', ...features, '--json', '--no-write-lock-file', ...buildArgs, '--', url];
  const { code, stdout } = await nix.exec(nix.program, args, { env: nix.env, cwd: runtime.directory });
  if (code !== 0) return false;
  const { locks } = JSON.parse(stdout) as {
    readonly locks?: {
      readonly root: string;
      readonly nodes: Record<string, { readonly inputs?: object } | undefined>;
    };
  };
  return Object.hasOwn(locks?.nodes[locks.root]?.inputs ?? {}, 'nixpkgs');
}

/** Options without the public registry, which Nix would download first. Nix 2.8 wants the path of one. */
async function withoutRegistry({ temporary }: Runtime): Promise<readonly string[]> {
  const file = join(temporary, 'no-flakes.json');
  await writeFile(file, JSON.stringify({ version: 2, flakes: [] }));
  return ['--option', 'flake-registry', file];
}

interface Answer {
  readonly paths: readonly string[];
  readonly meta: PathMeta;
}

/** Undefined if the evaluation fails. */
async function evaluate(
  nix: NixProgram,
  { inputs, target, options, paths }: Question & { readonly paths: readonly string[] },
  runtime: Runtime,
): Promise<readonly Answer[] | undefined> {
  const hashes = paths.map(path => path.slice(path.lastIndexOf('/') + 1).slice(0, hashLength));
  const names = shortEnough([...new Set(paths.map(storePathName))]);
  const apply = findMeta(JSON.stringify(hashes), JSON.stringify(names), target);
  const flags = ['--json', '--read-only', '--no-write-lock-file', ...options, '--apply', apply];
  const args = ['eval', ...features, ...flags, ...targetArguments(inputs)];
  const result = await nix.exec(nix.program, args, { env: nix.env, cwd: runtime.directory });
  if (result.code === 0) return parseAnswers(JSON.parse(result.stdout));
  runtime.log.debug(`No metadata of packages: ${result.stderr.trim()}`);
  return undefined;
}

/** Characters of all names in a question; real ones have 25 each. */
const mostNames = 64 << 10;

function shortEnough(names: readonly string[]): string[] {
  let left = mostNames;
  return names.filter(({ length }) => {
    left -= length + '\\"\\",'.length;
    return left >= 0;
  });
}

/** Texts of packages: longer ones are no names. */
const longestText = 500;
const mostLicenses = 20;

function parseAnswers(json: unknown): Answer[] {
  return (Array.isArray(json) ? json : []).filter(isObject).map(({ paths, licenses, homepage, cpe, possibleCpe }) => {
    const isUrl = typeof homepage === 'string' && /^https?:\/\//.test(homepage) && URL.canParse(homepage);
    const names = textsIn(licenses).filter(name => name !== '' && name.length <= longestText);
    return {
      paths: textsIn(paths),
      meta: {
        licenses: [...new Set(names)].slice(0, mostLicenses),
        ...(isUrl && homepage.length <= longestText ? { homepage: publicUrl(homepage) } : {}),
        ...(isCpe(cpe) ? { cpe } : {}),
        ...(isCpe(possibleCpe) ? { possibleCpe } : {}),
      },
    };
  });
}

function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter(one => typeof one === 'string') : [];
}

/** A CPE in the form of a formatted string. NISTIR 7695, section 6.2 */
function isCpe(text: unknown): text is string {
  return typeof text === 'string' && text.length <= longestText && cpePattern.test(text);
}

const cpePattern = /^cpe:2\.3:[aho](?::(?:[\w.*?-]|\\[!-/:-@[-`{-~])+){10}$/;
