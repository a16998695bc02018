import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { resourceUsage } from 'node:process';
import { createContext, Script } from 'node:vm';
import { Failure } from '../../src/lib/failure.ts';

/** Numbers that look random, and are the same on any machine for the same seed. */
export interface Random {
  /** A whole number from 0 to `end - 1`. */
  below(end: number): number;
  pick<T>(items: readonly T[]): T;
}

/** Makes a new input from one of the seeds. */
export type Mutate = (seed: Buffer, random: Random, seeds: readonly Buffer[]) => Buffer;

export interface FuzzTarget {
  /** Must return or throw a Failure. A promise is awaited. */
  readonly run: (input: Buffer) => unknown;
  /** Inputs to start from. Each is also run unchanged. */
  readonly seeds: readonly Buffer[];
  /** How many mutated inputs are run. */
  readonly cases: number;
  /** `mutateBytes` if not given. */
  readonly mutate?: Mutate;
  /** Milliseconds for one input. Inputs take a few; the usual 5000 are for a busy machine. */
  readonly time?: number;
  /** Bytes by which the peak memory of the process may grow; 256 MiB if not given. */
  readonly memory?: number;
}

const usualTime = 5000;
const usualMemory = 256 << 20;

/**
 * Runs a target on its seeds and on mutations of them. Each must return or throw a Failure, within bounds of time and
 * memory. The error of any other outcome has the input in base64, so that it can be added to the corpus.
 */
export async function fuzz(target: FuzzTarget): Promise<void> {
  const { seeds, cases, mutate = mutateBytes, memory = usualMemory } = target;
  assert.ok(seeds.length > 0 && cases > 0, 'A fuzz target needs seeds and cases.');
  const peak = resourceUsage().maxRSS;
  for (const [i, seed] of seeds.entries()) await runCase(target, seed, `seed ${i}`);
  for (let i = 0; i < cases; i++) {
    const random = createRandom(i);
    await runCase(target, mutate(random.pick(seeds), random, seeds), `case ${i}`);
  }
  const grown = (resourceUsage().maxRSS - peak) * 1024;
  assert.ok(grown <= memory, `The peak memory grew by ${grown} bytes, the limit is ${memory}.`);
}

/** The files of `test/fuzz/corpus/NAME/`, ordered by name. */
export function corpus(name: string): Buffer[] {
  const directory = new URL(`../fuzz/corpus/${name}/`, import.meta.url);
  return readdirSync(directory)
    .sort()
    .map(file => readFileSync(new URL(file, directory)));
}

/** The lines of `test/fuzz/corpus/NAME.txt`. */
export function corpusLines(name: string): Buffer[] {
  const text = readFileSync(new URL(`../fuzz/corpus/${name}.txt`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map(line => Buffer.from(line));
}

async function runCase({ run, time = usualTime }: FuzzTarget, input: Buffer, name: string): Promise<void> {
  try {
    await runInTime(() => run(input), time);
  } catch (error) {
    if (error instanceof Failure) return;
    throw new Error(`Not a Failure, ${name}: ${input.toString('base64').slice(0, 20_000)}`, { cause: error });
  }
}

const context = createContext({ call: undefined });
const script = new Script('call()');

/** V8 stops what does not return by itself, such as a regular expression. A promise that does not settle is given up. */
async function runInTime(call: () => unknown, time: number): Promise<void> {
  context.call = call;
  const result = script.runInContext(context, { timeout: time });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took more than ${time} ms.`)), time);
  });
  try {
    await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The generator mulberry32. */
export function createRandom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (end: number) => next() % end;
  return { below, pick: <T>(items: readonly T[]) => items[below(items.length)] as T };
}

/** Changes bytes anywhere: for binary formats. */
export const mutateBytes: Mutate = (seed, random, seeds) =>
  repeat(seed, random, bytes => random.pick(byteChanges)(bytes, random, seeds));

/** Changes bytes, and adds the tokens of a grammar: for texts. */
export function mutateText(tokens: readonly string[]): Mutate {
  return (seed, random, seeds) =>
    repeat(seed, random, bytes => {
      if (random.below(2) === 0) return random.pick(byteChanges)(bytes, random, seeds);
      return splice(bytes, random.below(bytes.length + 1), random.below(3), Buffer.from(random.pick(tokens)));
    });
}

/** Changes the values and keys of a JSON document, and now and then its bytes. */
export const mutateJson: Mutate = (seed, random, seeds) => {
  if (random.below(8) === 0) return mutateBytes(seed, random, seeds);
  let json: unknown = JSON.parse(seed.toString('utf8'));
  for (let i = random.below(3); i >= 0; i--) json = changeJson(json, random);
  const text = JSON.stringify(json) ?? 'null';
  return Buffer.from(text.replaceAll('"@deep"', () => nested(random)));
};

function repeat(seed: Buffer, random: Random, change: (bytes: Buffer) => Buffer): Buffer {
  let bytes = seed;
  for (let i = random.below(4); i >= 0; i--) bytes = change(bytes);
  return bytes;
}

const oddBytes = [0, 1, 0x20, 0x22, 0x2d, 0x2e, 0x2f, 0x30, 0x39, 0x5c, 0x7f, 0x80, 0xc3, 0xff];
const oddNumbers = [0n, 1n, 0x7fn, 0xffffn, 0x7fffffffn, 0xffffffffn, 2n ** 53n, 2n ** 63n - 1n, 2n ** 64n - 1n];

const byteChanges: readonly Mutate[] = [
  (bytes, { below }) =>
    setBytes(bytes, below(bytes.length + 1), [(bytes[below(bytes.length || 1)] ?? 0) ^ (1 << below(8))]),
  (bytes, { below, pick }) => setBytes(bytes, below(bytes.length + 1), [pick(oddBytes)]),
  (bytes, { below, pick }) => {
    const number = Buffer.alloc(8);
    if (below(2) === 0) number.writeBigUInt64LE(pick(oddNumbers));
    else number.writeBigUInt64BE(pick(oddNumbers));
    return setBytes(bytes, below(bytes.length + 1), number.subarray(0, 1 << below(4)));
  },
  (bytes, { below, pick }) => splice(bytes, below(bytes.length + 1), 0, Buffer.alloc(1 + below(9), pick(oddBytes))),
  (bytes, { below }) => splice(bytes, below(bytes.length + 1), 1 + below(9), Buffer.alloc(0)),
  (bytes, { below }) => bytes.subarray(0, below(bytes.length + 1)),
  (bytes, { below }) => {
    const start = below(bytes.length + 1);
    return splice(bytes, below(bytes.length + 1), 0, bytes.subarray(start, start + 1 + below(600)));
  },
  (bytes, { below, pick }, seeds) => {
    const other = pick(seeds);
    return Buffer.concat([bytes.subarray(0, below(bytes.length + 1)), other.subarray(below(other.length + 1))]);
  },
];

function setBytes(bytes: Buffer, at: number, values: ArrayLike<number>): Buffer {
  const copy = Buffer.from(bytes);
  for (let i = 0; i < values.length && at + i < copy.length; i++) copy[at + i] = values[i] ?? 0;
  return copy;
}

function splice(bytes: Buffer, at: number, removed: number, added: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);
}

const oddValues: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e21, 2 ** 53, '', 'x', '/', '..', '\0', '\ud800', 'sha256:', '@deep'],
  ...[[], {}, [null], [[]], { '': 0 }, { a: { b: [] } }, ['x', 1], '0x10', ' 1', '1e3', 'ſ', 'K'],
];
const oddKeys = ['__proto__', 'constructor', 'toString', 'length', '', '0'];

/** The value with a change somewhere in it. */
function changeJson(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.below(6) === 0) return random.pick(oddValues);
  if (Array.isArray(value)) {
    if (value.length === 0 || random.below(6) === 0) return [...value, random.pick([...oddValues, ...value])];
    const at = random.below(value.length);
    if (random.below(6) === 0) return value.toSpliced(at, 1);
    return value.with(at, changeJson(value[at], random));
  }
  const entries = Object.entries(value);
  if (entries.length === 0 || random.below(8) === 0) entries.push([random.pick(oddKeys), random.pick(oddValues)]);
  const at = random.below(entries.length);
  const [key, item] = entries[at] as [string, unknown];
  const change = random.below(8);
  if (change === 0) return Object.fromEntries(entries.toSpliced(at, 1));
  if (change === 1)
    return Object.fromEntries([...entries, [random.pick([key.toLowerCase(), key.toUpperCase()]), item]]);
  return Object.fromEntries(entries.with(at, [key, changeJson(item, random)]));
}

function nested(random: Random): string {
  const depth = random.pick([20, 300, 5000, 60_000]);
  return random.below(2) === 0
    ? '['.repeat(depth) + ']'.repeat(depth)
    : `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`;
}
