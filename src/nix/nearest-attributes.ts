import { distance } from 'fastest-levenshtein';
import type { Runtime } from '../runtime.ts';
import { type BuildInputs, features } from './build-target.ts';
import { nixSystem } from './system.ts';
import type { Nix } from './toolchain.ts';

const mostNames = 5;

/**
 * The names of attributes that a target could have meant, the nearest first; empty if `text` is not Nix's refusal of a
 * missing attribute, or if what has the attributes cannot be evaluated.
 */
export async function nearestAttributes(
  text: string,
  { nix, inputs, runtime }: { readonly nix: Nix; readonly inputs: BuildInputs; readonly runtime: Runtime },
): Promise<readonly string[]> {
  const question = questionAbout(text, inputs);
  if (question === undefined) return [];
  const { wanted, args } = question;
  const { code, stdout } = await nix.exec(nix.program, ['eval', ...features, '--json', ...args], {
    env: nix.env,
    cwd: runtime.directory,
  });
  const names: unknown = code === 0 ? JSON.parse(stdout) : [];
  if (!Array.isArray(names)) return [];
  const lastOf = (name: string) => name.split('.').at(-1) ?? '';
  return names
    .filter(name => typeof name === 'string')
    .map(name => ({ name, distance: distance(lastOf(name), lastOf(wanted)) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, mostNames)
    .map(({ name }) => name);
}

/** What was wanted, and the arguments of `nix eval` that list what there is instead. */
function questionAbout(text: string, { target, impure }: BuildInputs) {
  // The names must not show more of this machine to the expression than the build did.
  const purity = impure ? ['--impure'] : [];
  if (target.kind === 'installable') {
    if (!text.includes('does not provide attribute')) return undefined;
    const [flake, wanted] = target.installable.split('#');
    return { wanted: wanted || 'default', args: [...purity, '--apply', namesOfPackages, '--', `${flake}#packages`] };
  }
  if (
    !/attribute '[^'\n]{1,200}' in selection path|does not have attribute|attribute '[^'\n]{1,200}' missing/.test(text)
  ) {
    return undefined;
  }
  const { file, attr = '' } = target;
  const parent = attr.split('.').slice(0, -1).join('.');
  const above = parent === '' ? [] : [parent];
  return { wanted: attr, args: [...purity, '--file', file, '--apply', 'builtins.attrNames', '--', ...above] };
}

/** Packages for this system by name, and for others with their path. Nothing is evaluated but names. */
const namesOfPackages = `packages:
  let
    namesIn = set: let names = builtins.tryEval (builtins.attrNames set); in if names.success then names.value else [];
    foreign = builtins.filter (name: name != "${nixSystem}") (namesIn packages);
  in namesIn (packages.${nixSystem} or {})
    ++ builtins.concatMap (of: map (name: "packages.\${of}.\${name}") (namesIn packages.\${of})) foreign`;
