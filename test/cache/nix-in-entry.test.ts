import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdir, open, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { runProgram } from '../../src/lib/process.ts';
import { ownBin } from '../nix/open-there.ts';
import { type Machine, openMachine, runThere } from '../support/bare-machine.ts';
import { startCacheServer } from '../support/cache-server.ts';
import { openStoredRelease } from '../support/nix-release.ts';
import { type ReleaseServer, type ServerFaults, startReleaseServer } from '../support/release-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { directory, file, link, makeEntry, nar } from './make-entry.ts';
import { openSituation, type Situation, verify } from './open-situation.ts';
import { addNix } from './run-job.ts';

const release = await openStoredRelease();
const releases = await startReleaseServer(release.directory);
after(() => releases.close());
/** One for the file: keys know the checkout. */
const situation = await openSituation({ after });
const { builds, server } = situation;
const firstMachine = await openMachine({ after });
let first: Awaited<ReturnType<Situation['run']>>;
let saved: ReadonlyMap<string, Buffer>;

before(async () => {
  first = await situation.run(bare({}), firstMachine);
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.equal(requests(releases), 1);
  saved = new Map(server.entries);
});

type Job = NonNullable<Parameters<Situation['run']>[0]>;

/** A job on a machine without Nix, which would install it from `releases`. */
function bare(job: Job): Job {
  const inputs = {
    'nix-version': release.version,
    'nix-url': releases.url,
    'nix-sha256': release.sha256,
    'nix-conf': 'substituters =\nsandbox = false',
  };
  // A tool cache would save the download.
  return { hasNix: false, ...job, inputs: { ...inputs, ...job.inputs }, env: { RUNNER_TOOL_CACHE: '', ...job.env } };
}

/** Jobs after the first one, with its entry alone in the service. */
function openJobs(t: TestContext) {
  server.entries.clear();
  for (const [key, bytes] of saved) server.entries.set(key, bytes);
  server.calls.length = 0;
  const earlier = requests(releases);
  return {
    /** How often the release was asked for in this test. */
    downloads: () => requests(releases) - earlier,
    async run(job: Job = {}, machine?: Machine) {
      const there = machine ?? (await openMachine(t));
      if (job.hasNix) await addNix(there);
      return situation.run(bare(job), there);
    },
  };
}

/** The same release in another archive: two blocks of padding more, which xz allows. */
async function serveRepacked(t: TestContext, faults: ServerFaults = {}) {
  const place = await temporaryDirectory(t);
  await cp(release.directory, place, { recursive: true });
  const below = join(place, `nix-${release.version}`);
  const archive = join(below, (await readdir(below)).find(name => name.endsWith('.xz')) ?? '');
  const bytes = Buffer.concat([await readFile(archive), Buffer.alloc(8)]);
  await writeFile(archive, bytes);
  const server = await startReleaseServer(place, faults);
  t.after(() => server.close());
  return { server, inputs: { 'nix-url': server.url, 'nix-sha256': createHash('sha256').update(bytes).digest('hex') } };
}

const requests = ({ ranges }: ReleaseServer) => ranges.length;
const verifyOwn = (machine: Machine) => verify(machine, `${ownBin}/nix-store`);

/** What later steps have, whatever the machine. */
const laterOf = ({ later, machine }: Awaited<ReturnType<Situation['run']>>) =>
  JSON.stringify(later).replaceAll(machine.root, '');

/** Paths, permissions and times of what is in the store but derivations, which an entry does not hold. */
async function listStore(machine: Machine): Promise<string> {
  const list = 'find /nix/store -path "*-*" ! -name "*.drv" | sort | xargs stat --format "%A %Y %s %n"';
  return (await runThere(machine, ['sh', '-c', list])).stdout;
}

test('a hit holds Nix: nothing of the release is downloaded, nothing built, and later steps find Nix', async t => {
  const { run, downloads } = openJobs(t);
  assert.match(
    first.outputs['cache-key'] ?? '',
    /^nix-image-\d+-\w+-linux-[0-9a-f]{12}-nix[\d.]+-[0-9a-f]{8}-[0-9a-f]{32}$/,
  );
  assert.match(first.post, /Saved 7 store paths, \S+ \S+, including Nix itself, /);

  const second = await run();
  assert.equal(downloads(), 0, second.log);
  assert.deepEqual(await builds(), []);
  assert.equal(second.outputs['cache-hit'], 'true');
  assert.equal(second.outputs['nix-version'], release.version);
  assert.match(second.log, new RegExp(`Nix ${release.version} restored from the entry ${first.outputs['cache-key']}`));
  assert.doesNotMatch(second.log, /::warning::(?!Check )/);
  assert.deepEqual(laterOf(second), laterOf(first));
  assert.deepEqual(second.later.path, [ownBin]);
  const env = { ...second.later.env, PATH: `${ownBin}:${second.machine.tools}` };
  const { stdout } = await runThere(second.machine, ['nix', '--version'], { env });
  assert.match(stdout, new RegExp(`${release.version}$`, 'm'));
  await verifyOwn(second.machine);
  assert.equal(await listStore(second.machine), await listStore(first.machine));
  assert.deepEqual((await readdir(second.machine.nix)).sort(), ['store', 'var']);

  const { code, stderr } = await runThere(second.machine, [`${ownBin}/nix-store`, '--gc']);
  assert.equal(code, 0, stderr);
  assert.equal((await runThere(second.machine, [`${ownBin}/nix`, '--version'])).code, 0);
});

test('sources that were restored with Nix are in the entry of the next key', async t => {
  const { run, downloads } = openJobs(t);
  const second = await run({ inputs: { 'cache-key-extra': 'next' } });
  assert.deepEqual([await builds(), downloads()], [[], 0]);
  assert.match(second.post, /Saved 7 store paths, \S+ \S+, including Nix itself, /);
});

test('a source that is in the store but not valid does not become valid with Nix', async t => {
  const { run, downloads } = openJobs(t);
  const machine = await openMachine(t);
  const store = join(machine.nix, 'store');
  const source = (await readdir(join(firstMachine.nix, 'store'))).find(name => name.endsWith('-f0')) ?? '';
  await mkdir(store);
  await writeFile(join(store, source), 'other');
  const second = await run({}, machine);
  assert.match(second.log, /::warning::Rejected the cache entry .*-f0 exists but is not valid/);
  assert.deepEqual([await builds(), downloads()], [['app', 'library', 'tool'], 0]);
  await verifyOwn(machine);
});

test('the certificates that came with Nix are used if the machine has none', async t => {
  const { run } = openJobs(t);
  const second = await run({ setup: 'mount -t tmpfs none /etc/ssl/certs' });
  assert.match(second.log, /restored from the entry/);
  assert.match(second.later.env.NIX_SSL_CERT_FILE ?? '', /^\/nix\/var\/nix\/gcroots\//);
});

test('the service of GitHub Enterprise Server', async t => {
  const { run, downloads } = openJobs(t);
  const enterprise = await startCacheServer(1);
  t.after(() => enterprise.close());
  assert.match((await run({ env: enterprise.env })).post, /including Nix itself/);
  await builds();
  const second = await run({ env: enterprise.env });
  assert.deepEqual([await builds(), downloads(), server.calls], [[], 1, []], second.log);
});

suite('a plain user', () => {
  const runs: Readonly<Record<string, (machine: Machine) => Promise<string>>> = {
    'gets /nix by sudo, and the rest without it': async ({ nix }) => {
      await rmdir(nix);
      return ':';
    },
    'without sudo has an empty /nix': async ({ tools }) => {
      await rm(join(tools, 'sudo'));
      return 'chown "$(stat -c %u:%g plain)" /nix';
    },
  };
  for (const [name, prepare] of Object.entries(runs)) {
    test(name, async t => {
      const { run, downloads } = openJobs(t);
      const machine = await openMachine(t);
      const setup = await prepare(machine);
      const second = await run({ setup, isPlain: true }, machine);
      assert.equal(downloads(), 0, second.log);
      assert.deepEqual(await builds(), [], second.log);
      assert.equal(second.outputs['cache-hit'], 'true');
      assert.equal((await stat(join(machine.nix, 'store'))).uid, (await stat(machine.nix)).uid);
      await verifyOwn(machine);
    });
  }
});

/** The entry of the first job in a directory, as a file that can be changed. */
async function openEntry(t: TestContext) {
  const inputs = { 'cache-to': await temporaryDirectory(t) };
  const key = first.outputs['cache-key'] ?? '';
  const entry = join(inputs['cache-to'], `${key}.nix-image-cache`);
  const packed = join(await temporaryDirectory(t), 'entry');
  await writeFile(packed, saved.get(key) ?? '');
  // The service's client packs the one file of an entry.
  const unpacked = await runProgram('sh', ['-c', 'zstd -dc "$1" | tar -xOPf - > "$2"', 'sh', packed, entry], {
    env: process.env,
  });
  assert.equal(unpacked.code, 0, unpacked.stderr);
  return { ...openJobs(t), key, inputs, entry };
}

test('if the Nix of an entry is damaged, Nix is installed and a correct entry is saved', async t => {
  const { run, downloads, key, inputs, entry } = await openEntry(t);
  const handle = await open(entry, 'r+');
  await handle.write(Buffer.alloc(1000, 'damage'), 0, 1000, 1_000_000);
  await handle.close();
  const second = await run({ inputs });
  assert.match(second.log, /::warning.*Cannot restore Nix \S+ from the entry/);
  assert.match(second.log, /::warning.*Rejected the cache entry .*, leaving the store unchanged/);
  assert.equal(downloads(), 1);
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.equal(second.outputs['cache-key'], `${key}-2`);
  await verifyOwn(second.machine);
  assert.deepEqual((await readdir(second.machine.nix)).sort(), ['store', 'var']);
  const third = await run({ inputs });
  assert.deepEqual(await builds(), []);
  assert.equal(third.outputs['cache-matched-key'], `${key}-2`);
});

test('a Nix that differs from the key is not used, and nothing of it remains', async t => {
  const { entry, ...opened } = await openEntry(t);
  // Nothing is saved beside the entry.
  const inputs = { ...opened.inputs, cache: 'restore' };
  const system = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux`;
  const script = (text: string) => nar(directory(['bin', directory(['nix', file(text, 'executable', '')])]));
  const path = (name: string) => `/nix/store/${'c'.repeat(32)}-${name}`;
  const { version } = release;
  const cases = {
    'another version': [{ path: path(`nix-${version}`), nar: script('#!/bin/sh\necho "nix (Nix) 2.99.0"\n') }],
    'a program that does not run': [{ path: path(`nix-${version}`), nar: script('#!/bin/nowhere\n') }],
    'no program': [{ path: path(`nix-${version}`), nar: nar(link('/bin/sh')) }],
    'another name': [{ path: path('other'), nar: script(`#!/bin/sh\necho "nix (Nix) ${version}"\n`) }],
    'a reference to what is not there': [
      { path: path(`nix-${version}`), nar: script('#!/bin/sh\n'), references: [path('gone')] },
    ],
  };
  // Without a release to install instead, each job ends there.
  const nowhere = await startReleaseServer(await temporaryDirectory(t));
  t.after(() => nowhere.close());
  for (const [name, claims] of Object.entries(cases)) {
    await t.test(name, async () => {
      await makeEntry(entry, claims, { system, toolchain: claims.map(claim => claim.path) });
      const { machine, steps } = await situation.runSteps(bare({ inputs: { ...inputs, 'nix-url': nowhere.url } }));
      assert.equal(steps[0]?.code, 1);
      assert.match(steps[0].log, /::warning.*Cannot restore Nix \S+ from the entry/);
      assert.match(steps[0].log, /::error.*\b404\b/);
      assert.deepEqual(await builds(), []);
      const names = await readdir(machine.nix, { recursive: true });
      assert.deepEqual(
        names.filter(one => one.includes('c'.repeat(32))),
        [],
      );
    });
  }
});

test('an entry without Nix is restored after an installation', async t => {
  const { run, downloads } = openJobs(t);
  const inputs = { 'cache-max-size': '5000', 'cache-to': await temporaryDirectory(t) };
  const first = await run({ inputs });
  assert.match(first.post, /left out for cache-max-size: Nix itself/);
  await builds();
  const second = await run({ inputs });
  assert.match(second.log, /Nix \S+ is not in the entry/);
  assert.deepEqual([await builds(), downloads()], [[], 2]);
  assert.equal(second.outputs['cache-hit'], 'true');
});

test('what binary caches have is left out, and Nix is not', async t => {
  const { run, downloads } = openJobs(t);
  const inputs = { 'cache-exclude-substitutable': 'true', 'cache-to': await temporaryDirectory(t) };
  await run({ inputs });
  await builds();
  await run({ inputs });
  assert.deepEqual([await builds(), downloads()], [[], 1]);
});

test('a machine that has a Nix takes what else is in such an entry', async t => {
  const { run, downloads } = openJobs(t);
  const second = await run({
    hasNix: true,
    inputs: { 'nix-conf': 'substituters =\nsandbox = false\nbuild-users-group =' },
  });
  assert.deepEqual([await builds(), downloads()], [[], 0]);
  assert.equal(second.outputs['cache-matched-key'], first.outputs['cache-key'], second.log);
  assert.equal(second.outputs['cache-hit'], 'false');
  assert.notEqual(second.outputs['nix-version'], release.version);
  await verify(second.machine);
  assert.equal(server.entries.size, 2);
  assert.doesNotMatch(second.post, /Nix itself/);
});

function openSignal() {
  let give = () => {};
  const given = new Promise<void>(resolve => {
    give = resolve;
  });
  return { give, given };
}

test('an entry with another release is fetched beside the installation, and neither waits for the other', {
  timeout: 240_000,
}, async t => {
  const seen = { request: openSignal(), download: openSignal() };
  const { run, downloads } = openJobs(t);
  t.after(() => {
    server.onDownload = async () => {};
  });
  server.onDownload = () => {
    seen.download.give();
    return seen.request.given;
  };
  const other = await serveRepacked(t, {
    onRequest() {
      seen.request.give();
      return seen.download.given;
    },
  });
  const second = await run({ inputs: other.inputs });
  assert.deepEqual([downloads(), requests(other.server)], [0, 1]);
  assert.deepEqual(await builds(), []);
  assert.match(second.post, /including Nix itself/);
  assert.equal(server.entries.size, 2);
  await verifyOwn(second.machine);
});

test('an unreachable service blocks nothing', async t => {
  const { run, downloads } = openJobs(t);
  const gone = await startCacheServer();
  await gone.close();
  const { log } = await run({ env: gone.env });
  assert.match(log, /::warning::Failed to restore/);
  assert.deepEqual([await builds(), downloads()], [['app', 'library', 'tool'], 1]);
});

test('two runs at once both have the Nix of the entry', async t => {
  const { run, downloads, inputs } = await openEntry(t);
  const machine = await openMachine(t);
  const both = await Promise.all([1, 2].map(() => run({ inputs }, machine)));
  for (const { log, outputs } of both) {
    assert.match(log, /restored from the entry/);
    assert.equal(outputs['nix-version'], release.version);
  }
  assert.equal(downloads(), 0);
  await verifyOwn(machine);
  assert.deepEqual((await readdir(machine.nix)).sort(), ['store', 'var']);
});
