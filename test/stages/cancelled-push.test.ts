import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { readBack } from '../registry/push-image.ts';
import { archive } from '../support/archives.ts';
import { built } from '../support/built.ts';
import { startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

// A process of its own, and real signals: as a terminal sends them, and as a runner does for cancel-in-progress.

const image = archive('layered.tar.gz');

interface Program {
  readonly args: (texts: Readonly<Record<string, string>>) => string[];
  readonly env: (texts: Readonly<Record<string, string>>) => Record<string, string>;
}

const programs: Readonly<Record<string, Program>> = {
  'the local command': {
    args: texts => [
      join(built, 'cli.mjs'),
      'build',
      '--push',
      ...Object.entries(texts).flatMap(([name, value]) => [`--${name}`, value]),
    ],
    env: () => ({}),
  },
  'the action': {
    args: () => [join(built, 'main.mjs')],
    env: texts =>
      Object.fromEntries(
        Object.entries({ ...texts, push: 'true', cache: 'false' }).map(([name, value]) => [
          `INPUT_${name.toUpperCase()}`,
          value,
        ]),
      ),
  },
};

async function open(t: TestContext, { args, env }: Program) {
  const directory = await temporaryDirectory(t);
  await mkdir(join(directory, 'temp'));
  const files = ['OUTPUT', 'STATE', 'STEP_SUMMARY', 'ENV', 'PATH'];
  for (const name of files) await writeFile(join(directory, name), '');
  let onPut = (_tag: string) => {};
  const registry = await startRegistry({
    directory: join(directory, 'registry'),
    onRequest({ method, url = '' }) {
      const [, tag] = /\/manifests\/([^/:]+)$/.exec(url) ?? [];
      if (method === 'PUT' && tag !== undefined) onPut(tag);
      return undefined;
    },
  });
  t.after(() => registry.close());
  const reference = (tag: string) => `${registry.host}/acme/app:${tag}`;
  const run = async (
    label: string,
    tags: readonly string[],
    stop?: { readonly at: string; readonly signal: NodeJS.Signals },
  ) => {
    const texts = { path: image, created: '0', labels: `label=${label}`, tags: tags.map(reference).join(',') };
    const child = spawn(process.execPath, args(texts), {
      cwd: directory,
      env: {
        ...{
          PATH: process.env.PATH,
          NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
          HOME: directory,
          TMPDIR: join(directory, 'temp'),
          RUNNER_TEMP: join(directory, 'temp'),
        },
        ...Object.fromEntries(files.map(name => [`GITHUB_${name}`, join(directory, name)])),
        ...env(texts),
      },
    });
    onPut = tag => {
      if (tag !== stop?.at) return;
      child.kill(stop.signal);
      // A second signal, when that tag is put back, would end the process at once.
      onPut = () => {};
    };
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (log += chunk));
    const [code] = await once(child, 'close');
    return { code, log };
  };
  const digests = (tags: readonly string[]) => readBack(...tags.map(reference));
  return { reference, run, digests };
}

for (const [name, program] of Object.entries(programs)) {
  suite(`${name}, cancelled between two tags`, () => {
    for (const [signal, expected] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      test(`by ${signal}: puts the moved ones back, names the new one, and exits with ${expected}`, async t => {
        const { reference, run, digests } = await open(t, program);
        const tags = ['1', '2', '3', '4', '5'];
        const before = await run('before', tags);
        assert.equal(before.code, 0, before.log);
        const was = await digests(tags);
        const { code, log } = await run('after', ['1', 'new', ...tags.slice(1)], { at: '2', signal });
        assert.equal(code, expected, log);
        assert.deepEqual(await digests(tags), was, log);
        assert.ok(
          log.includes(
            `Cancelled while moving tags. These already point to the new image: ${reference('1')}, ${reference('new')}`,
          ),
          log,
        );
        assert.ok(log.includes(`${reference('1')} is ${was[0]} again`), log);
        assert.ok(
          log.includes(`${reference('new')} is new and is kept: deleting it could delete the manifest and other tags.`),
          log,
        );
        assert.notDeepEqual(await digests(['new']), was.slice(0, 1));
      });
    }
  });
}
