import { type FailedLog, Failure, type SourcePlace } from '../lib/failure.ts';
import type { Runtime } from '../runtime.ts';
import { storePathName } from '../store-path.ts';
import { type BuildLog, type FailedBuild, findFailedBuild } from './build-log.ts';
import { type BuildInputs, describeTarget } from './build-target.ts';
import { cureFor, isDiskFull } from './cures.ts';
import { describeDisk } from './describe-disk.ts';
import { findHash, findPosition } from './find-place.ts';
import { keepBuildLog } from './keep-build-log.ts';
import { nearestAttributes } from './nearest-attributes.ts';
import type { Nix } from './toolchain.ts';

/** A build that failed. */
interface FailedRun {
  readonly log: BuildLog;
  /** Exit code of Nix. */
  readonly code: number;
  readonly nix: Nix;
  readonly inputs: BuildInputs;
  readonly runtime: Runtime;
}

/** Length of Nix's messages that is searched, in characters from the end. */
const mostExamined = 65_536;

/** Most characters of Nix's messages in an error. */
const longestError = 4000;

/**
 * The error of a failed build: Nix's error or the end of the builder's log, the place in the checkout, and the cure.
 */
export async function buildFailure(run: FailedRun): Promise<Failure> {
  const { log, inputs, nix, runtime } = run;
  const failed = findFailedBuild(log);
  const text = failed === undefined ? wordsOf(run) : wordsOfBuilder(failed);
  const end = text.slice(-mostExamined);
  const mismatch = findMismatch(end);
  const placeOfHash = mismatch && (await findHash(mismatch.specified, runtime.directory));
  const place = placeOfHash ?? findPosition(end, inputs.target, runtime.directory);
  const advice = mismatch === undefined ? await adviceOn(end, run) : adviceOnHash(mismatch, placeOfHash);
  const message = `Cannot build ${describeTarget(inputs.target)}: ${failed === undefined ? withoutMiddle(text) : text}`;
  return new Failure(advice === undefined ? message : `${message}\n${advice}`, {
    place,
    log: failed && (await failedLog(failed, nix, runtime)),
  });
}

async function failedLog(failed: FailedBuild, nix: Nix, runtime: Runtime): Promise<FailedLog> {
  const file = await keepBuildLog(failed, nix, runtime);
  return { name: storePathName(failed.derivation), tail: failed.tail, file };
}

function wordsOf({ log, code }: FailedRun): string {
  const words = log.errors.length > 0 ? log.errors : log.plain;
  return words.length > 0 ? words.join('\n') : `nix exited with code ${code} and printed no error.`;
}

function wordsOfBuilder({ derivation, reason, tail }: FailedBuild): string {
  return [
    `builder of '${storePathName(derivation)}' (${derivation}) ${reason}.`,
    ...tail.map(line => `  ${line}`),
    `The full log is above; or run, on the machine that built it: nix log ${derivation}`,
  ].join('\n');
}

/** Bounds the text. Nix 2.20 and newer print the error last, older ones first, so both ends stay. */
function withoutMiddle(text: string): string {
  if (text.length <= longestError) return text;
  return `${text.slice(0, longestError / 2)}\n…\n${text.slice(-longestError / 2)}`;
}

async function adviceOn(text: string, { log, nix, inputs, runtime }: FailedRun): Promise<string | undefined> {
  const logs = [...log.tails.values()].flat().join('\n');
  if (isDiskFull(`${text}\n${logs}`)) return describeDisk(nix, log.work.toUnpack);
  const names = await nearestAttributes(text, { nix, inputs, runtime });
  if (names.length > 0) return `The nearest names that exist: ${names.join(', ')}.`;
  return cureFor(text, runtime.directory);
}

interface Mismatch {
  readonly specified: string;
  readonly got: string;
}

const hash = 'sha\\d{1,3}[:-][A-Za-z0-9+/]{1,100}={0,2}';
const mismatchPattern = new RegExp(`(?:specified|wanted):\\s+(${hash})\\s+got:\\s+(${hash})$`, 'm');

/** Nix's error of a hash mismatch, in a derivation or in a download of the evaluation. */
function findMismatch(text: string): Mismatch | undefined {
  const [, specified, got] = mismatchPattern.exec(text) ?? [];
  return specified === undefined || got === undefined ? undefined : { specified, got };
}

function adviceOnHash({ got }: Mismatch, place: SourcePlace | undefined): string {
  const where = place === undefined ? '' : ` at ${place.file}:${place.line}`;
  return `If you changed what is downloaded, replace the hash${where} by ${got}; if not, find out why it changed first.`;
}
