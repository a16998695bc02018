import { readFileSync } from 'node:fs';
import { hasCode } from '../lib/failure.ts';
import { isObject } from '../lib/json-object.ts';
import { storePathName } from '../store-path.ts';

/** An output of a derivation. */
interface DerivationOutput {
  readonly name: string;
  /** Its store path; empty if only the build decides it. */
  readonly path: string;
  /** Of an output whose contents are fixed: `sha256`, or `r:sha256` for the hash of a NAR; otherwise empty. */
  readonly algorithm: string;
  /** Hex digits of that hash; otherwise empty. */
  readonly hash: string;
}

/** What builds a store path, without how. Nix manual, "Derivation" and "ATerm format". */
export interface Derivation {
  readonly path: string;
  readonly outputs: readonly DerivationOutput[];
  /** Store paths of the derivations whose outputs it uses. */
  readonly inputDerivations: readonly string[];
  /** Store paths that it uses as they are. */
  readonly inputSources: readonly string[];
  /** Its environment; with structured attributes their top level, lists joined by spaces. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Text in quotes, and what encloses tuples. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[()]/gs;

/**
 * Parses a derivation in the ATerm format; undefined for another format, such as that of dynamic derivations. `path` is
 * its own store path.
 */
export function parseDerivation(text: string, path: string): Derivation | undefined {
  if (!text.startsWith('Derive(')) return undefined;
  try {
    // ATerm escapes text as JSON does, except for control characters, and tuples are lists.
    const lists = text.slice('Derive'.length).replace(tokens, token => {
      if (token === '(') return '[';
      return token === ')' ? ']' : token;
    });
    const json = lists.replace(/\p{Cc}/gu, escapeControl);
    const [outputs, inputDerivations, inputSources, , , , env] = JSON.parse(json) as Terms;
    return {
      path,
      outputs: outputs.map(([name, path, algorithm, hash]) => ({ name, path, algorithm, hash })),
      inputDerivations: inputDerivations.map(([derivation]) => derivation),
      inputSources,
      attributes: attributesOf(Object.fromEntries(env)),
    };
  } catch {
    return undefined;
  }
}

type Terms = readonly [
  outputs: readonly (readonly [string, string, string, string])[],
  inputDerivations: readonly (readonly [string, readonly string[]])[],
  inputSources: readonly string[],
  system: string,
  builder: string,
  args: readonly string[],
  env: readonly (readonly [string, string])[],
];

function escapeControl(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `__json` has structured attributes. */
function attributesOf(env: Readonly<Record<string, string>>): Derivation['attributes'] {
  if (env.__json === undefined) return env;
  const json: unknown = JSON.parse(env.__json);
  if (!isObject(json)) return env;
  const texts = Object.entries(json).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? value.join(' ') : value;
    return typeof text === 'string' ? [[name, text]] : [];
  });
  return { ...env, ...Object.fromEntries(texts) };
}

/** A derivation by its store path; undefined for one that is not in the store. */
export type ReadDerivation = (path: string) => Derivation | undefined;

/** Reads derivations of the store, each once. */
export function derivationReader(): ReadDerivation {
  const known = new Map<string, Derivation | undefined>();
  return path => {
    if (!known.has(path)) known.set(path, readDerivation(path));
    return known.get(path);
  };
}

/** These are small files, hundreds of them: to read them one by one takes a fifth of what promises for all take. */
function readDerivation(path: string): Derivation | undefined {
  try {
    return parseDerivation(readFileSync(path, 'utf8'), path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return undefined;
    throw error;
  }
}

/** The derivation among the inputs of another one that makes this store path; undefined if none does. */
export function inputFor(path: string, { inputDerivations }: Derivation, read: ReadDerivation): Derivation | undefined {
  // A derivation with one output has the name of its output.
  const candidates = inputDerivations.filter(input => storePathName(input) === storePathName(path));
  return candidates.map(read).find(derivation => derivation?.outputs.some(output => output.path === path));
}
