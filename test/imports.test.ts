import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src/', import.meta.url));

const ground = ['oci', 'nar', 'tar', 'lib', 'runtime.ts', 'store-path.ts'];
const story = [
  'inputs',
  'attest',
  'nix',
  'cache',
  'results',
  'check',
  'image',
  'metadata',
  'pack',
  'registry',
  'local',
  'github',
  'report',
  'inspect',
  'page',
  'sbom',
  ...ground,
];
const cycloneDx = ['Enums', 'Models', 'SPDX', 'Serialize', 'Spec'].map(part => `@cyclonedx/cyclonedx-library/${part}`);
const entry = ['load-action.ts', 'runtimes', 'inputs', 'metadata', 'report', 'lib'];

/**
 * What each room, and each file at the top, may import besides itself: rooms and files of `src`, packages, and `node:`
 * for all that Node has. ARCHITECTURE.md draws it.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'main.ts': [...entry, 'node:', '@actions/core'],
  'post.ts': ['after-job.ts', 'runtimes', 'lib'],
  'after-job.ts': ['stages', 'runtimes', 'inputs', 'lib', 'node:'],
  'cli.ts': ['commands', 'runtimes', 'lib', 'node:'],
  commands: ['load-action.ts', 'run.ts', 'stages', 'runtimes', ...story, 'node:', 'commander'],
  'load-action.ts': ['run.ts', 'stages', 'inputs'],
  'run.ts': ['build-and-push.ts', 'verify.ts', 'stages', ...story],
  'build-and-push.ts': ['stages', ...story],
  'verify.ts': ['stages', ...story],
  stages: story,
  inputs: ['cache', 'check', 'image', 'metadata', 'pack', 'registry', 'sbom', ...ground],
  'runtime.ts': ['lib'],
  'store-path.ts': [],
  runtimes: [
    'inputs',
    'metadata',
    ...ground,
    'node:',
    '@actions/core',
    '@actions/cache',
    '@actions/exec',
    '@actions/tool-cache',
  ],
  nix: [...ground, 'node:', 'fastest-levenshtein', 'semver'],
  attest: [
    ...ground,
    'node:',
    '@noble/ciphers/salsa.js',
    '@sigstore/bundle',
    '@sigstore/protobuf-specs',
    '@sigstore/sign',
    '@sigstore/tuf',
    '@sigstore/verify',
  ],
  cache: ['registry', ...ground, 'node:'],
  results: ['cache', 'registry', 'check', ...ground, 'node:'],
  check: [...ground, 'node:'],
  image: [...ground, 'node:', 'lossless-json', 're2js'],
  metadata: [...ground, '@renovatebot/pep440', 'semver'],
  pack: ['check', ...ground, 'node:'],
  registry: [...ground, 'node:'],
  local: ['pack', ...ground, 'node:'],
  github: ['oci', 'lib', 'runtime.ts'],
  inspect: ['pack', 'registry', ...ground, 'node:'],
  page: ['lib', 'node:', 'd3-hierarchy'],
  sbom: ['nix', ...ground, 'node:', 'packageurl-js', ...cycloneDx],
  report: ['check', 'metadata', 'inspect', 'page', ...ground],
  oci: ['lib', 'store-path.ts', 'tar', 'node:', 'lossless-json'],
  nar: ['tar', 'lib', 'node:'],
  tar: ['lib', 'node:', 'tar-stream'],
  lib: ['node:', 'fzstd', 'xz-decompress'],
};

/** Static imports and re-exports, over lines too, and dynamic imports. */
const importPattern = /^(?:import|export)\s[^'"`;]*?from '([^']+)'|^import '([^']+)'|\bimport\(([^)]*)\)/gm;

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), 'utf8');
  return [...text.matchAll(importPattern)].map(
    ([, from, alone, dynamic]) => from ?? alone ?? dynamic?.slice(1, -1) ?? '',
  );
}

/** The first part of a path in `src`: a room or a file at the top. */
const roomOf = (path: string) => path.split('/')[0] ?? '';

/** What an import names, in the words of the table. */
function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:';
  if (!specifier.startsWith('.')) return specifier;
  return roomOf(posix.join(posix.dirname(file), specifier));
}

const files = globSync('**/*.ts', { cwd: source }).toSorted();

for (const file of files) {
  test(`${file} imports from lower floors only`, () => {
    const room = roomOf(file);
    const allowed = mayImport[room];
    assert.ok(allowed, `${room} is not in the table`);
    const targets = importsOf(file).map(specifier => targetOf(file, specifier));
    assert.deepEqual(
      targets.filter(target => target !== room && !allowed.includes(target)),
      [],
    );
  });
}

test('the environment of the process is read by runtimes and by the command line alone', () => {
  const readers = files.filter(file => readFileSync(join(source, file), 'utf8').includes('process.env'));
  assert.deepEqual(
    readers.filter(file => roomOf(file) !== 'runtimes' && file !== 'cli.ts'),
    [],
  );
});

test('no floor of the table is above itself', () => {
  const isAbove = (room: string, other: string): boolean =>
    (mayImport[room] ?? []).some(lower => lower === other || isAbove(lower, other));
  assert.deepEqual(
    Object.keys(mayImport).filter(room => isAbove(room, room)),
    [],
  );
});

test('no file imports itself through others', () => {
  const pathsOf = new Map(
    files.map(file => {
      const specifiers = importsOf(file).filter(specifier => specifier.startsWith('.'));
      return [file, specifiers.map(specifier => posix.join(posix.dirname(file), specifier))] as const;
    }),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]) => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (path.includes(file) || done.has(file)) return;
    for (const next of pathsOf.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  assert.deepEqual(cycles, []);
});

test('imports are found in all their forms', () => {
  const text = "import a from 'a';\nimport {\n  b,\n} from 'b';\nexport * from 'c';\nimport 'd';\nawait import('e');\n";
  const found = [...text.matchAll(importPattern)].map(match => match.slice(1).find(Boolean));
  assert.deepEqual(found, ['a', 'b', 'c', 'd', "'e'"]);
});
