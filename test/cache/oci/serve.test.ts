import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openMachine, runThere } from '../../support/bare-machine.ts';
import { built } from '../../support/built.ts';
import { startDistribution } from '../../support/distribution.ts';
import { verify } from '../open-situation.ts';
import { addNix } from '../run-job.ts';
import { makeSigningKey } from './signing-key.ts';

const cli = join(built, 'cli.mjs');
const [key, otherKey] = [makeSigningKey('cache-1'), makeSigningKey('cache-1')];

/** The output of `app` has that of `library` as its only reference. */
const expression = `let
  make = name: command: derivation {
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/sh";
    args = [ "-ec" "PATH=/usr/bin:/bin; \${command}" ];
  };
  library = make "library" "head -c 200000 /dev/urandom > $out";
in make "app" "mkdir $out; ln -s \${library} $out/library; head -c 50 \${library} > $out/app"`;

test('nix build takes what it needs from nix-image cache serve, if a trusted key signed it', async t => {
  const registry = await startDistribution({ version: 3 });
  t.after(() => registry.close());
  const there = async (script: string) => {
    const machine = await openMachine(t);
    await addNix(machine);
    const { code, stdout, stderr } = await runThere(machine, ['sh', '-euc', `cd ${machine.root}; ${script}`], {
      env: {
        cache: `${process.execPath} ${cli} cache`,
        url: `oci://${registry.host}/acme/cache`,
        expression,
        trusted: key.public,
        other: otherKey.public,
        CACHE_SIGNING_KEY: key.secret,
        NIX_CONFIG: 'extra-experimental-features = nix-command\nsandbox = false\nbuild-users-group =\nsubstituters =',
      },
    });
    assert.equal(code, 0, stderr);
    return { machine, text: stdout.trim() };
  };
  const { text: app } = await there(
    'nix build --expr "$expression" --impure; $cache push $url ./result >&2; realpath result',
  );

  const { machine, text } = await there(`$cache serve $url 2> log & pid=$!
    until grep -q http: log; do sleep 0.1; done
    from=$(sed -n 's/.*at \\(http[^ ]*\\).*/\\1/p' log)
    # Nothing is built here.
    build() { nix build --expr "$expression" --impure --max-jobs 0 --substituters $from --trusted-public-keys "$@"; }
    if build $other 2> refused; then echo built; fi
    grep -c "not signed by any of the keys in 'trusted-public-keys'" refused
    ls /nix/store | grep -c -e '-app$' -e '-library$' || true
    build $trusted; realpath result
    nix path-info --sigs $(realpath result) | grep -o cache-1
    hash=$(basename $(realpath result) | cut -c 1-32)
    nix-store --dump ./result/ > whole
    size=$(stat -c %s whole)
    curl -sf -r 100- $from/nar/$hash.nar > rest; tail -c +101 whole | cmp - rest
    curl -sf -r -100 $from/nar/$hash.nar > last; tail -c 100 whole | cmp - last
    curl -sf -r 8-8 -D head -o one $from/nar/$hash.nar; head -c 9 whole | tail -c 1 | cmp - one
    grep -ci -e '^HTTP/1.1 206' -e "^content-range: bytes 8-8/$size" -e '^content-length: 1\\b' head
    kill -INT $pid; wait $pid || true`);
  assert.deepEqual(text.split('\n'), ['2', '0', app, 'cache-1', '3']);
  await verify(machine);
});
