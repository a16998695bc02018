import { publicUrl } from '../lib/http/url-login.ts';
import type { Runtime } from '../runtime.ts';
import { storeHash } from '../store-path.ts';
import { createBuildLog, readLogLine } from './build-log.ts';
import { type BuildInputs, type BuildTarget, features, targetArguments } from './build-target.ts';
import { withCure } from './cures.ts';
import type { Nix } from './toolchain.ts';

/** Attributes of a target, evaluated without building it. Missing or throwing attributes are null. */
export interface Facts {
  readonly isDerivation: boolean;
  /** Whether it is a buildLayeredImage of nixpkgs that compresses the output of its attribute `stream`. */
  readonly hasStream: boolean;
  /** Whether `stream` is a streamLayeredImage that runs nixpkgs' script with its attribute `conf`. */
  readonly streamHasConf: boolean;
  /** Whether it is itself such a streamLayeredImage. */
  readonly hasConf: boolean;
  /** dockerTools: true for a script that writes the image, false or null for an archive. */
  readonly isExe: boolean | null;
  /** dockerTools and nix2container: name and tag of the image. */
  readonly imageName: string | null;
  readonly imageTag: string | null;
  readonly mainProgram: string | null;
  /** The Nix system that it is built for: `aarch64-linux`. */
  readonly system: string | null;
  readonly name: string | null;
  readonly pname: string | null;
  readonly version: string | null;
  readonly description: string | null;
  /** SPDX identifier of the one license; null for a list of several, which may mean "and" or "or". */
  readonly license: string | null;
  /** The first one, if there are several. */
  readonly homepage: string | null;
}

/**
 * `nix build` calls a function with default arguments, so this does too.
 *
 * Attributes can stay although the derivation changes (`overrideAttrs`, `//`, `passthru` of another derivation), and
 * only the derivation is built. So `conf` and `stream` count only if the derivation states, word for word as nixpkgs'
 * pkgs/build-support/docker/default.nix writes it, that its output consists of them and nothing else.
 */
const evaluation = `x:
let
  value = if builtins.isFunction x then x { } else x;
  attempt = thing: let tried = builtins.tryEval thing; in if tried.success then tried.value else null;
  get = name: from: attempt (if builtins.isAttrs from && from ? \${name} then from.\${name} else null);
  text = thing: if builtins.isString thing then builtins.unsafeDiscardStringContext thing else null;
  bool = thing: if builtins.isBool thing then thing else null;
  head = thing: if builtins.isList thing && thing != [ ] then attempt (builtins.head thing) else thing;
  only = thing: if builtins.isList thing && builtins.length thing > 1 then null else head thing;
  isDerivation = thing: text (get "type" thing) == "derivation";
  isStream = thing: isDerivation thing && bool (get "isExe" thing) == true && text (get "imageName" thing) != null;
  meta = get "meta" value;
  stream = get "stream" value;

  # The attributes of the derivation that is built, and its output; null where others are shown.
  inputsOf = thing:
    let
      inputs = get "drvAttrs" thing;
      made = derivation inputs;
      isWhole = isDerivation thing && builtins.isAttrs inputs && inputs ? name && inputs ? builder && inputs ? system;
      isShown = attempt (made.drvPath == thing.drvPath && made.outPath == thing.outPath);
    in if isWhole && isShown == true then inputs // { output = made.outPath; } else null;
  isEmpty = thing: thing == null || thing == false || thing == "" || thing == [ ] || thing == { };
  usual = [
    "name" "system" "builder" "args" "stdenv" "buildCommand" "passAsFile" "outputs" "output" "imageName"
    "nativeBuildInputs" "preferLocalBuild" "allowSubstitutes" "strictDeps" "enableParallelBuilding"
    "enableParallelChecking" "enableParallelInstalling" "configureFlags" "cmakeFlags" "mesonFlags" "__structuredAttrs"
    "__ignoreNulls"
  ];
  nameOf = path: builtins.elemAt (builtins.match "(.*/${storeHash}-)?(.*)" (text (toString path))) 1;
  # Whether a derivation is a runCommand and no more: with these tools, in the stdenv of the other one.
  isCommand = inputs: other: tools:
    builtins.all (name: builtins.elem name usual || isEmpty inputs.\${name}) (builtins.attrNames inputs)
    && inputs.outputs or [ "out" ] == [ "out" ]
    && builtins.isString (inputs.buildCommand or null)
    && builtins.all (name: inputs.\${name} or null == other.\${name} or null) [ "builder" "args" "stdenv" ]
    && builtins.all (tool: builtins.match tools (nameOf tool) != null) (inputs.nativeBuildInputs or [ ]);

  # writePython3 "stream" of nixpkgs' own script, or a link to it, as it is since 2024.
  isNixpkgsScript = script: other:
    if script ? contentPath then
      let
        file = text (toString script.contentPath);
        own = "/pkgs/build-support/docker/stream_layered_image.py";
        start = builtins.stringLength file - builtins.stringLength own;
      in start > 0 && builtins.substring start (-1) file == own
    else
      isCommand script other "" && builtins.match "ln -s /[^ ]*/${storeHash}-stream/bin/stream [$]out\\n" (text script.buildCommand) != null;
  hasConf = thing: attempt (isStream thing && isDerivation (get "conf" thing) && (
    let
      inputs = inputsOf thing;
      conf = inputsOf thing.conf;
      script = inputsOf (get "streamScript" thing);
    in inputs != null && conf != null && script != null
      && isNixpkgsScript script conf
      && isCommand inputs conf "make-shell-wrapper-hook"
      && inputs.buildCommand == "makeWrapper \${script.output} $out --add-flags \${conf.output}\\n"
  )) == true;
  hasStream = thing: attempt (isStream (get "stream" thing) && (
    let
      inputs = inputsOf thing;
      stream = inputsOf thing.stream;
      start = "\${stream.output} | ";
      length = builtins.stringLength start;
      compress = text (builtins.substring length (-1) inputs.buildCommand);
    in inputs != null && stream != null
      && isCommand inputs stream "(pigz|zstd)-.*"
      && builtins.substring 0 length inputs.buildCommand == start
      && builtins.match "(cat|pigz( -(p[$]NIX_BUILD_CORES|nTR?))*|zstd -T[$]NIX_BUILD_CORES) > [$]out\\n?" compress != null
  )) == true;
  isStreamed = hasStream value;
  isConfigured = hasConf value;
  derivationOf = thing: if isDerivation thing then text (get "drvPath" thing) else null;
in {
  facts = {
    isDerivation = isDerivation value;
    hasStream = isStreamed;
    streamHasConf = isStreamed && hasConf stream;
    hasConf = isConfigured;
    isExe = bool (get "isExe" value);
    imageName = text (get "imageName" value);
    imageTag = text (get "imageTag" value);
    mainProgram = text (get "mainProgram" meta);
    system = let host = text (get "system" (get "hostPlatform" (get "stdenv" value))); in
      if host == null then text (get "system" value) else host;
    name = text (get "name" value);
    pname = text (get "pname" value);
    version = text (get "version" value);
    description = text (get "description" meta);
    license = text (get "spdxId" (only (get "license" meta)));
    homepage = text (head (get "homepage" meta));
  };
  derivations = { "" = derivationOf value; }
    // (if isStreamed then { stream = derivationOf stream; "stream.conf" = derivationOf (get "conf" stream); } else { })
    // (if isConfigured then { conf = derivationOf value.conf; } else { });
}`;

const factsOnly = `x: { inherit ((${evaluation}) x) facts; }`;

/** What an evaluation of a target tells. */
export interface Evaluated {
  readonly facts: Facts;
  /**
   * Store paths of the derivations of the target and of the attributes that may be built instead, by
   * `attributeToBuild`; null for what is none.
   */
  readonly derivations: Readonly<Record<string, string | null>>;
}

/**
 * Evaluates the attributes of a target once. Undefined if the evaluation fails, which the build then reports in Nix's
 * words, and for a store path, which has no attributes.
 */
export async function readFacts(nix: Nix, inputs: BuildInputs, runtime: Runtime): Promise<Facts | undefined> {
  return (await evaluateOnce(factsOnly, inputs, { nix, runtime }))?.facts;
}

/** The same with derivations, which are instantiated. */
export function evaluateTarget(nix: Nix, inputs: BuildInputs, runtime: Runtime): Promise<Evaluated | undefined> {
  return evaluateOnce(evaluation, inputs, { nix, runtime });
}

interface Place {
  readonly nix: Nix;
  readonly runtime: Runtime;
}

async function evaluateOnce(apply: string, inputs: BuildInputs, place: Place): Promise<Evaluated | undefined> {
  const target = attributeOf(inputs.target);
  if (target === undefined) return undefined;
  const evaluated = await evaluate(apply, { ...inputs, target }, place);
  if (evaluated !== undefined || !isDefault(inputs.target)) return evaluated;
  // The old `defaultPackage` has no name that its attributes could be appended to.
  const whole = await evaluate(apply, inputs, place);
  return whole && { ...whole, facts: { ...whole.facts, hasStream: false, streamHasConf: false, hasConf: false } };
}

function isDefault(target: BuildTarget): boolean {
  return target.kind === 'installable' && /^[^#]*#?$/.test(target.installable);
}

async function evaluate(apply: string, inputs: BuildInputs, { nix, runtime }: Place): Promise<Evaluated | undefined> {
  const log = createBuildLog(runtime.now);
  const output = ['--json', '--log-format', 'internal-json', '--apply', apply];
  const { code, stdout } = await nix.exec(nix.program, ['eval', ...features, ...output, ...targetArguments(inputs)], {
    env: nix.env,
    cwd: runtime.directory,
    // The build evaluates again and reports everything else.
    onErrorLine: line => {
      const said = readLogLine(log, line);
      if (said?.text.startsWith('fetching ')) runtime.log.info(said.text);
      // Nix writes the lock file now, and the build does not mention it.
      if (said !== undefined && /^(?:creating|updating) lock file /.test(said.text)) {
        runtime.log.warning(withCure(said.text, runtime.directory));
      }
    },
  });
  if (code === 0) return withPublicHomepage(JSON.parse(stdout) as Evaluated);
  runtime.log.debug(`No facts: ${[...log.errors, ...log.plain].join('\n')}`);
  return undefined;
}

/** Labels, and the results of earlier builds, are for everybody to read. */
function withPublicHomepage({ facts, ...evaluated }: Evaluated): Evaluated {
  return { ...evaluated, facts: { ...facts, homepage: facts.homepage && publicUrl(facts.homepage) } };
}

export interface BuildPreference {
  /** Whether layers may, or must, be made from the settings of a streamLayeredImage. */
  readonly native: 'auto' | 'require' | 'off';
  /** Whether to build the `stream` behind an archive instead of the archive. */
  readonly preferStream: boolean;
}

/**
 * The attribute of the target that is the least to build for its image: the settings of the streamLayeredImage if they
 * are one, else its script, else the target itself (empty).
 */
export function attributeToBuild(facts: Facts, { native, preferStream }: BuildPreference): string {
  const stream = preferStream && facts.hasStream ? ['stream'] : [];
  const hasConf = stream.length > 0 ? facts.streamHasConf : facts.hasConf;
  return [...stream, ...(native !== 'off' && hasConf ? ['conf'] : [])].join('.');
}

/** The least that must be built for the image of a target. */
export function chooseTarget(target: BuildTarget, facts: Facts | undefined, preference: BuildPreference): BuildTarget {
  const attribute = facts === undefined ? '' : attributeToBuild(facts, preference);
  return attribute === '' ? target : (attributeOf(target, [attribute]) ?? target);
}

/**
 * An attribute of the target, or the target itself: `.#image` → `.#image.conf`, `.` → `.#default.conf`, `image` of a
 * file → `image.conf`. Undefined for installables without attributes: store paths, and chosen outputs (`.#image^out`).
 */
export function attributeOf(target: BuildTarget, path: readonly string[] = []): BuildTarget | undefined {
  if (target.kind === 'file') {
    const attr = [...(target.attr === undefined ? [] : [target.attr]), ...path].join('.');
    return attr === '' ? target : { ...target, attr };
  }
  const [, flake = '', attr = ''] = /^([^#]*)#?(.*)$/s.exec(target.installable) ?? [];
  const isStorePath = new RegExp(`^/.*/${storeHash}-[^/]+(?:/|$)`).test(target.installable);
  if ((isStorePath && !target.installable.includes('#')) || /\^[^"]*$/.test(target.installable)) return undefined;
  return { kind: 'installable', installable: `${flake}#${[attr === '' ? 'default' : attr, ...path].join('.')}` };
}
