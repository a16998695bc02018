import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Machine, openMachine } from '../support/bare-machine.ts';
import { openNixVersions } from '../support/nix-versions.ts';
import { type Registry, startRegistry } from '../support/registry.ts';
import { type StoreServer, startStoreServer } from '../support/store-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { makeKey } from './make-key.ts';
import { openSituation, type Situation } from './open-situation.ts';
import { addNix } from './run-job.ts';

/** Ends what all tests share. */
const cleanups: (() => unknown)[] = [];
const shared = { after: (cleanup: () => unknown) => void cleanups.unshift(cleanup) };
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});

/**
 * An application with a link into another package, on packages with all kinds of files. The large ones have a layer each,
 * the two small ones share one.
 */
const flakeOf = (version: number) => `{
  outputs = { self }: let
    make = name: command: derivation {
      inherit name;
      system = "${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux";
      builder = "/bin/sh";
      args = [ "-ec" "PATH=/usr/bin:/bin; mkdir -p $out/bin; echo \${name} > $out/name; \${command}" ];
    };
    large = name: command: make name "seq 1 90000 > $out/numbers; \${command}";
    base = large "base-${version}" ''
      cd $out; mkdir -p empty "dir/\${builtins.concatStringsSep "" (builtins.genList (n: "long") 30)}"
      echo text > dir/ü; : > dir/nothing; ln -s ../numbers dir/link; ln -s nowhere loose; echo run > bin/run
      chmod +x bin/run; for n in $(seq 1 40); do echo "file $n" > dir/f$n; done
    '';
    tool = large "tool-1" "echo tool > $out/bin/tool; chmod +x $out/bin/tool";
    libraries = map (n: large "library-\${toString n}" "") [ 1 2 3 ];
    small = map (n: make "small\${n}-${version}" "") [ "a" "b" ];
    app = large "app-${version}"
      "echo \${base} \${toString (libraries ++ small)} > $out/bin/app; chmod +x $out/bin/app; ln -s \${tool}/bin/tool $out/bin/tool";
    package = app // { meta.mainProgram = "app"; };
  in { packages.x86_64-linux.default = package; packages.aarch64-linux.default = package; };
}
`;

/** Digests of the images of both versions, made as usual. */
const digests: string[] = [];

let situation: Situation;
let registry: Registry;
let store: StoreServer;
let inputs: Readonly<Record<string, string>>;

/** Both versions are in the binary cache, and the layers of the first one in the registry. */
before(async () => {
  situation = await openSituation(shared);
  const root = await temporaryDirectory(shared);
  registry = await startRegistry({ directory: join(root, 'registry') });
  store = await startStoreServer();
  for (const server of [registry, store]) shared.after(() => server.close());
  const key = await makeKey();
  const fill = { 'cache-to': store.url, 'cache-signing-key': key.secret };
  inputs = {
    ...{ tags: `${registry.host}/acme/app:1`, reuse: 'trust' },
    ...{ 'trusted-public-keys': key.public, 'nix-conf': nixConf() },
  };
  const machine = await machineWith();
  for (const version of [1, 2]) {
    await situation.change('flake.nix', flakeOf(version));
    const push = version === 1 ? { push: 'true' } : { 'dry-run': 'true' };
    const { outputs } = await situation.run({ inputs: { ...inputs, ...fill, ...push, reuse: 'off' } }, machine);
    digests[version] = outputs.digest ?? '';
  }
});

const nixConf = (more = '') => `substituters = ${store.url}\nsandbox = false\nbuild-users-group =\n${more}`;

/** A machine with an empty store and this Nix. */
async function machineWith(program = '/usr/bin/nix'): Promise<Machine> {
  const machine = await openMachine(shared);
  await addNix(machine, dirname(program));
  return machine;
}

async function storePaths(machine: Machine): Promise<string[]> {
  const names = await readdir(join(machine.nix, 'store'));
  return names.map(name => name.slice(33)).filter(name => /^(?:base|tool|library|small.|app)-\d$/.test(name));
}

interface Passing {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly nix?: string | undefined;
  readonly setup?: string;
}

/** A job on a machine with an empty store: what it says, and which store paths it fetched. */
async function pass(version: number, { inputs: more = {}, nix, setup = ':' }: Passing = {}) {
  await situation.change('flake.nix', flakeOf(version));
  const count = store.requests.length;
  const given = { ...inputs, 'dry-run': 'true', ...more };
  const job = await situation.run({ inputs: given, setup }, await machineWith(nix));
  assert.equal(job.outputs.digest, digests[version], job.log);
  const fetched = store.requests.slice(count).filter(path => path.startsWith('nar/'));
  return { ...job, fetched: fetched.map(nameOfNar).sort(), paths: await storePaths(job.machine) };
}

/** The name of the store path whose NAR is at this path of the cache. */
function nameOfNar(nar: string): string {
  const text = narinfos().find(one => one.includes(`URL: ${nar}\n`)) ?? '';
  return /^StorePath: .{44}(.*)$/m.exec(text)?.[1] ?? nar;
}

/** A field of the narinfo of the store path with this name. */
function fieldOf(field: string, name: string): string {
  const text = narinfos().find(one => one.split('\n')[0]?.endsWith(`-${name}`)) ?? '';
  return new RegExp(`^${field}: (.*)$`, 'm').exec(text)?.[1] ?? assert.fail(name);
}

function narinfos(): string[] {
  return [...store.files].filter(([name]) => name.endsWith('.narinfo')).map(([, text]) => text.toString());
}

/** Runs `body` while the cache has something else, or nothing, as the NAR of a store path. */
async function withNar<T>(name: string, nar: Buffer | undefined, body: () => Promise<T>): Promise<T> {
  const url = fieldOf('URL', name);
  const before = store.files.get(url) ?? assert.fail(url);
  if (nar === undefined) store.files.delete(url);
  else store.files.set(url, nar);
  try {
    return await body();
  } finally {
    store.files.set(url, before);
  }
}

const [, middle, newest] = await openNixVersions();

test('if a registry has all layers, only the package and what its programs link to is fetched', async () => {
  const { fetched, paths, log, summary, machine } = await pass(1, { inputs: { 'dry-run': 'false', push: 'true' } });
  assert.deepEqual([fetched, paths], [['app-1', 'tool-1'], []], log);
  assert.match(log, /New layers need 0 of 8 store paths/);
  assert.match(summary, /built 0, fetched 0/);
  const again = await situation.run({ inputs: { ...inputs, 'dry-run': 'true' } }, machine);
  assert.deepEqual(await storePaths(machine), [], `Nix remembers what the cache has: ${again.log}`);
});

const ofNew = ['app-2', 'base-2', 'smalla-2', 'smallb-2', 'tool-1'];

test('layers that are missing are made from NARs as they arrive', async () => {
  const { fetched, paths, log } = await pass(2, { nix: middle });
  assert.deepEqual([fetched, paths], [ofNew, []], log);
});

test('several images of a step are passed on', async () => {
  await situation.change('flake.nix', flakeOf(1));
  const machine = await machineWith();
  const images = ['a', 'b'].map(name => `${name}=path:${situation.directory}`).join('\n');
  const several = { installable: images, tags: `${registry.host}/acme/{{name}}:1`, 'reuse-from': inputs.tags ?? '' };
  const { outputs, log } = await situation.run({ inputs: { ...inputs, ...several, 'dry-run': 'true' } }, machine);
  const found = JSON.parse(outputs.images ?? '') as readonly { readonly digest: string }[];
  assert.deepEqual(
    found.map(({ digest }) => digest),
    [digests[1], digests[1]],
    log,
  );
  assert.deepEqual(await storePaths(machine), [], log);
});

test('several caches may have parts of the closure', async t => {
  const other = await startStoreServer({ isReadOnly: true });
  t.after(() => other.close());
  const moved = [...store.files].filter(([, file]) => /^StorePath: .*-(?:smalla-2|library-1)$/m.test(file.toString()));
  for (const [name, narinfo] of moved) {
    other.files.set(name, narinfo);
    const nar = /^URL: (.*)$/m.exec(narinfo.toString())?.[1] ?? '';
    other.files.set(nar, store.files.get(nar) ?? assert.fail(nar));
    store.files.delete(name);
  }
  // As an hour later: Nix still remembers what a cache has, but not what it lacks.
  const nixConfOfBoth = nixConf(`extra-substituters = ${other.url}\nnarinfo-cache-negative-ttl = 0`);
  const { paths, log, machine } = await pass(2, { nix: newest, inputs: { 'nix-conf': nixConfOfBoth } });
  const again = { ...inputs, 'dry-run': 'true', 'nix-conf': nixConfOfBoth };
  const { log: laterLog } = await situation.run({ inputs: again }, machine);
  for (const [name, narinfo] of moved) store.files.set(name, narinfo);
  assert.deepEqual([moved.length, paths], [2, []], log);
  assert.deepEqual(await storePaths(machine), [], laterLog);
  assert.equal(other.requests.filter(path => path.startsWith('nar/')).length, 2, log);
});

test('paths that the store has are used from there, also in a layer with others', async () => {
  const path = fieldOf('StorePath', 'smallb-2');
  const setup = `NIX_CONFIG="substituters = ${store.url}\nrequire-sigs = false" nix-store --realise ${path} 2>&1`;
  const unsigned = { 'trusted-public-keys': '', 'nix-conf': nixConf('require-sigs = false') };
  const { fetched, paths, log } = await pass(2, { setup, inputs: unsigned });
  assert.deepEqual([fetched.sort(), paths], [ofNew, ['smallb-2']], log);
});

test('what no trusted key has signed is not used', async () => {
  const other = await makeKey();
  const { fetched, paths, log } = await pass(1, { inputs: { 'trusted-public-keys': other.public } });
  assert.deepEqual([fetched, paths.length], [[], 8], log);
  assert.match(log, /Downloading \S*-app-1 with all that it refers to: no trusted key has signed/);
});

test('a NAR that is another one or missing is in no layer', async () => {
  const fallback = { 'nix-conf': nixConf('fallback = true') };
  const another = store.files.get(fieldOf('URL', 'library-1'));
  for (const [nar, pattern] of [
    [undefined, /::warning::Cannot fetch \S*-base-2 from http:.* Downloading all store paths\./],
    [another, /::warning::Cannot use \S*-base-2 from http:.* Downloading all store paths\./],
  ] as const) {
    const { log, paths } = await withNar('base-2', nar, () => pass(2, { inputs: fallback }));
    assert.match(log, pattern);
    assert.equal(paths.length, 8, log);
  }
});

test('with verify, what the store cache confirms is passed on, and what was not downloaded is not saved', async () => {
  const verify = { reuse: 'verify', 'cache-exclude-substitutable': 'true', 'cache-key-extra': 'verify' };
  const first = await pass(1, { inputs: verify });
  assert.equal(first.paths.length, 8, first.log);
  const second = await pass(1, { inputs: verify });
  assert.deepEqual([second.fetched, second.paths], [['app-1', 'tool-1'], []], second.log);
  assert.doesNotMatch(second.post, /warning|Not saving/);
});
