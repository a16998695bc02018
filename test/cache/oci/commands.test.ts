import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Machine, openMachine, runThere } from '../../support/bare-machine.ts';
import { built } from '../../support/built.ts';
import { startDistribution } from '../../support/distribution.ts';
import { openPutter } from '../../support/put-content.ts';
import { verify } from '../open-situation.ts';
import { addNix } from '../run-job.ts';
import { makeSigningKey } from './signing-key.ts';

const cli = join(built, 'cli.mjs');
const key = makeSigningKey('cache-1');

/** A registry, machines, and what runs scripts there. */
async function openMachines(t: TestContext) {
  const registry = await startDistribution({ version: 3 });
  t.after(() => registry.close());
  const url = `oci://${registry.host}/acme/cache`;
  const openWithNix = async () => {
    const machine = await openMachine(t);
    await addNix(machine);
    return machine;
  };
  const there = async (machine: Machine, script: string) => {
    const { code, stdout, stderr } = await runThere(machine, ['sh', '-euc', `cd ${machine.root}; ${script}`], {
      env: { cache: `${process.execPath} ${cli} cache`, url, trusted: key.public, CACHE_SIGNING_KEY: '' },
    });
    assert.equal(code, 0, stderr);
    return stdout.trim();
  };
  return { registry, openWithNix, there };
}

test('nix-image cache pushes, lists, pulls, serves and prunes', async t => {
  const { registry, openWithNix, there } = await openMachines(t);
  const [source, target, client] = [await openWithNix(), await openWithNix(), await openWithNix()];
  const added = await there(source, 'mkdir large; head -c 300000 /dev/urandom > large/data; nix-store --add large');
  const push = (secret: string) =>
    there(source, `ln -sfn ${added} result; CACHE_SIGNING_KEY="${secret}" $cache push $url ./result`);
  const unknown = `/nix/store/${'0'.repeat(32)}-unknown`;
  assert.equal(
    await there(source, `$cache push $url ${unknown} 2>&1 || true`),
    `error: Cannot push ${unknown}: the store does not have it. Build it first.`,
  );
  const elsewhere = await there(
    source,
    `export NIX_REMOTE="local?root=$PWD/other"; echo other > other-file; ! $cache push $url $(nix-store --add other-file) 2>&1`,
  );
  assert.match(
    elsewhere,
    /^error: Cannot push store paths: ENOENT: .* Push from a store whose files are in \/nix\/store\.$/,
  );
  const pushed = await push(key.secret);
  assert.match(pushed, /^nix-image-4-\S+-linux-[0-9a-f]{12}-[0-9a-f]{32}$/);
  const listed = JSON.parse(await there(source, '$cache list $url --json'));
  assert.deepEqual(
    listed.map((one: Record<string, unknown>) => [one.key, one.signedBy, one.error]),
    [[pushed, 'cache-1', undefined]],
  );
  // Of builds, made here by their tags alone.
  const results = ['0', '1'].map(n => `nix-image-result-2-${'0'.repeat(12)}-${n.repeat(64)}`);
  for (const tag of results) await openPutter(registry.host, 'acme/cache').image(tag, undefined, tag);
  assert.match(
    await there(source, '$cache list $url 2>&1'),
    /^Results of builds, which are not listed: 2\n\S+ {2}nix-image-4-\S+ {2}\d+ kB {2}cache-1$/,
  );

  await there(target, '! $cache pull $url --trusted-public-keys cache-1:$(printf %043d 0)= 2> refused');
  assert.equal(
    await there(target, 'tail -1 refused'),
    `error: Cannot pull ${pushed}: no key in trusted-public-keys signed it`,
  );
  assert.equal(await there(target, '$cache pull $url --trusted-public-keys $trusted'), added);
  await verify(target);

  const served = await there(
    client,
    `$cache serve $url --trusted-public-keys $trusted 2> log & pid=$!
    until grep -q http: log; do sleep 0.1; done
    from=$(sed -n 's/.*at \\(http[^ ]*\\).*/\\1/p' log)
    nix --extra-experimental-features nix-command copy --option trusted-public-keys $trusted --from $from ${added}
    nix-store --query --hash ${added}
    nix-store --dump ${added} > whole; curl -sf -r 1000-1999 $from/nar/$(basename ${added} | cut -c 1-32).nar > part
    tail -c +1001 whole | head -c 1000 | cmp - part
    curl -s -o /dev/null -w '%{http_code} ' -H 'Host: evil.example' $from/nix-cache-info
    curl -s -o /dev/null -w '%{http_code} ' -r 9999999- $from/nar/$(basename ${added} | cut -c 1-32).nar
    curl -s -o /dev/null -w '%{http_code}' $from/00000000000000000000000000000000.narinfo
    kill -INT $pid; wait $pid || true`,
  );
  assert.match(served, /^sha256:\w+\n403 416 404$/);
  await verify(client);

  await there(source, 'sleep 1.1');
  await push('');
  // Images with tags of that form, which belong to others.
  const images = ['app.20200101T000000Z', 'app.20210101T000000Z'];
  for (const tag of images) await openPutter(registry.host, 'acme/cache').image(tag, undefined, tag);
  const old = await there(source, '$cache prune $url --cache-keep 1 --dry-run');
  assert.equal(await there(source, '$cache prune $url --cache-keep 1'), old);
  assert.ok(old.includes(pushed), old);
  const left = JSON.parse(await there(source, '$cache list $url --json'));
  assert.deepEqual(
    left.map((one: Record<string, unknown>) => [one.key, one.signedBy, one.error]),
    [[pushed, undefined, undefined], ...images.map(() => ['app', undefined, 'it is not an entry of the store cache'])],
  );
  assert.deepEqual(
    (await openPutter(registry.host, 'acme/cache').tags()).filter(tag => results.includes(tag)).sort(),
    results,
    'images too',
  );
});

test('a pull that is interrupted leaves nothing but valid paths in the store', async t => {
  const { openWithNix, there } = await openMachines(t);
  const [source, target] = [await openWithNix(), await openWithNix()];
  await there(
    source,
    `for n in 1 2 3 4; do head -c 40000000 /dev/zero > zeros-$n; nix-store --add zeros-$n; done > paths
    $cache push $url $(cat paths)`,
  );
  const code = await there(
    target,
    `nix-store --init; $cache pull $url > pulled & pid=$!
    until ls -A /nix/store | grep -q nix-image; do sleep 0.01; done
    kill -INT $pid; wait $pid && echo 0 || echo $?`,
  );
  assert.equal(code, '130');
  await verify(target);
});

test('a registry that denies access is no empty one', async t => {
  const registry = await startDistribution({ version: 3, login: true });
  t.after(() => registry.close());
  const machine = await openMachine(t);
  await addNix(machine);
  for (const command of ['list', 'pull', 'serve']) {
    const url = `oci://${registry.host}/acme/cache`;
    const { code, stderr } = await runThere(machine, [process.execPath, cli, 'cache', command, url]);
    assert.equal(code, 1);
    assert.match(stderr, /^error: Cannot .* 401 /m, command);
  }
});
