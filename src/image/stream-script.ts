import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Failure, hasCode } from '../lib/failure.ts';
import { isObject } from '../lib/json-object.ts';
import { parseJson } from '../lib/parse-json.ts';
import { isStorePath, storeHash } from '../store-path.ts';
import { staysInStore } from './stays-in-store.ts';
import { longestSettings } from './stream-settings.ts';

/** The command in the output of a streamLayeredImage. */
export interface StreamScript {
  /** Store path of the Python script. */
  readonly program: string;
  /** Store path of its only argument, the `…-conf.json`. */
  readonly settings: string;
}

const longestScript = 64 << 10;

/**
 * The whole text of the wrapper that nixpkgs' makeWrapper writes for the script, in its three forms: the program quoted
 * or not, with `--` or without, and the form of 2025 with an array of flags. A text with anything else is another
 * program.
 */
const wrapper =
  /^#! ?\/\S+(?: -eu?)?\n(?:declare -a extraFlagsArray=\(\)\nset \+u\n)?exec (?:-- )?(["']?)(\/[^\s"']+-stream)\1 +(\/[^\s"']+-conf\.json) (?:"\$\{extraFlagsArray\[@\]\}" )?"\$@" ?\n$/;

/** Reads the wrapper of a built streamLayeredImage; undefined for every other script. */
export function parseStreamScript(text: string): StreamScript | undefined {
  const [, , program, settings] = wrapper.exec(text) ?? [];
  return program === undefined || settings === undefined ? undefined : { program, settings };
}

/**
 * The command to run for the output at `path`, which is resolved: a streamLayeredImage in the store, whose script is
 * Python in the store and whose settings are those of an image. Undefined for everything else, which is never run.
 */
export function findRunnableScript(path: string, store: string): StreamScript | undefined {
  const script = isStorePath(path, store) ? parseStreamScript(readStart(path, longestScript)) : undefined;
  if (script === undefined) return undefined;
  const { program, settings } = script;
  const areInStore = [program, settings].every(file => isStorePath(file, store) && staysInStore(file, store));
  return areInStore && isStream(program, store) && areSettings(settings) ? script : undefined;
}

/** nixpkgs' `writePython3 "stream"`. */
function isStream(program: string, store: string): boolean {
  const [, python = ''] = /^#! ?(\S+)\/bin\/python3[0-9.]*\n/.exec(readStart(program, longestScript)) ?? [];
  return new RegExp(`/${storeHash}-stream$`).test(program) && isStorePath(python, store) && /-python3-/.test(python);
}

function areSettings(file: string): boolean {
  const text = readStart(file, longestSettings);
  try {
    const settings = parseJson(text, file, { largest: longestSettings });
    return isObject(settings) && Array.isArray(settings.store_layers) && 'customisation_layer' in settings;
  } catch (cause) {
    if (cause instanceof Failure) return false;
    throw cause;
  }
}

/** The first 64 KiB of a script as text. */
export function readScript(path: string): string {
  return readStart(path, longestScript);
}

/** The settings of a stream as text. */
export function readSettings(path: string): string {
  return readStart(path, longestSettings);
}

/** The first bytes of a file as text; a build result may be large, and not a script at all. */
function readStart(path: string, limit: number): string {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(Math.min(fstatSync(file).size, limit));
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT', 'ENOTDIR')) throw cause;
    throw new Failure(`Cannot read ${path}: the file does not exist.`, { cause });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
