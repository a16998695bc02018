import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createBuildLog, findFailedBuild, readLogLine } from '../../src/nix/build-log.ts';
import { storePathName } from '../../src/store-path.ts';

/** Reads the standard error that a real Nix wrote with `--log-format internal-json`. */
function readRecorded(name: string) {
  const lines = readFileSync(new URL(`recorded/${name}.log`, import.meta.url), 'utf8').split('\n');
  return readLines(lines.filter(line => line !== ''));
}

function readLines(lines: readonly string[]) {
  const log = createBuildLog(() => 0);
  const said = lines.flatMap(line => {
    const { level, text } = readLogLine(log, line) ?? {};
    return text === undefined ? [] : [`${level}: ${text}`];
  });
  return { log, said };
}

const nixLine = (event: object) => `@nix ${JSON.stringify(event)}`;

test('an expression that throws the words of a failed build names no file outside of the store', () => {
  const path = `/nix/store/${'a'.repeat(32)}-../../../tmp/evil.drv`;
  const { log } = readLines([nixLine({ action: 'msg', level: 0, msg: `error: builder for '${path}' failed badly` })]);
  assert.equal(log.errors.length, 1);
  assert.equal(findFailedBuild(log), undefined);
});

for (const version of ['2.8', '2.26', '2.34']) {
  // Only newer ones announce what they will do.
  const announced = (lines: readonly string[]) => (version === '2.8' ? [] : lines);

  test(`Nix ${version}: a build is shown line by line`, () => {
    const { log, said } = readRecorded(`nix-${version}-good`);
    assert.deepEqual(said, [
      ...announced([
        'info: these 2 derivations will be built:',
        'info:   /nix/store/78ar79ddns6z76pivrqi81nlpbrs3lk7-dep.drv',
        'info:   /nix/store/991acidqpd1k0255iif0np2c061j38ka-good.drv',
      ]),
      ...['info: building dep', 'info: dep> from dep', 'info: building good', 'info: good> one', 'info: good> two'],
    ]);
    assert.equal(findFailedBuild(log), undefined);
    assert.equal(log.derivations.size, 0);
  });

  test(`Nix ${version}: the builder that failed is found, not what depends on it`, () => {
    const { log } = readRecorded(`nix-${version}-dependency-failed`);
    assert.deepEqual(findFailedBuild(log), {
      derivation: '/nix/store/mnv31ws4bm07zlkl8mfgnb6gf5gcn0z2-bad.drv',
      reason: 'failed with exit code 3',
      tail: ['line 1', 'line 2', 'line 3'],
    });
  });

  test(`Nix ${version}: a hash mismatch is reported in Nix's words`, () => {
    const { log } = readRecorded(`nix-${version}-hash-mismatch`);
    assert.equal(findFailedBuild(log), undefined);
    assert.equal(
      log.errors[0],
      "hash mismatch in fixed-output derivation '/nix/store/0nxw4msd874zwzaqrainhsmcq3c59bkw-hash.drv':\n" +
        '  specified: sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n' +
        '     got:    sha256-c8s4WKaHqElMozIwUwFigvPa051Cz2LKTnndoqrH2aw=',
    );
  });
}

for (const version of ['2.8', '2.34']) {
  test(`Nix ${version}: a substitution is shown and counted once, a warning is a warning`, () => {
    const { said, log } = readRecorded(`nix-${version}-substituted`);
    const { built, substituted, toUnpack } = log.work;
    assert.deepEqual([built, substituted], [said.filter(line => line.includes('building ')).length, 1]);
    // Nix 2.8 announces nothing.
    assert.equal(toUnpack, version === '2.8' ? 0 : 102);
    assert.ok(said.includes("warning: Git tree '/src/app' is dirty"));
    assert.deepEqual(
      said.filter(line => line.includes('file:///srv/cache')),
      ['info: fetching dep from file:///srv/cache'],
    );
  });
}

test('an error keeps its trace, without colours and indentation', () => {
  const { log } = readRecorded('nix-2.34-thrown');
  assert.match(
    log.errors[0] ?? '',
    /^… while calling the 'throw' builtin\n {2}at \/nix\/store\/\S+flake\.nix:10:12:\n/,
  );
  assert.match(log.errors[0] ?? '', /\n\nerror: no way$/);
});

test('the last 25 lines of each derivation are kept', () => {
  const start = (id: number, name: string) =>
    nixLine({
      action: 'start',
      id,
      type: 105,
      level: 3,
      text: '',
      fields: [`/nix/store/${'0'.repeat(32)}-${name}.drv`, ''],
    });
  const line = (id: number, text: string) => nixLine({ action: 'result', id, type: 101, fields: [text] });
  const numbers = Array.from({ length: 40 }, (_, index) => index);
  const { log } = readLines([
    start(1, 'a'),
    start(2, 'b'),
    ...numbers.map(number => line(1, `${number}`)),
    line(2, 'x'),
  ]);
  const tails = [...log.tails.values()];
  assert.deepEqual(tails, [numbers.slice(15).map(String), ['x']]);
});

test('activities are distinguished beyond the range of a JavaScript number', () => {
  const start = (id: string, name: string) =>
    `@nix {"action":"start","fields":["/nix/store/${'0'.repeat(32)}-${name}.drv","",1,1],"id":${id},"level":3,"text":"","type":105}`;
  const { said } = readLines([
    start('9007199254740992', 'even'),
    start('9007199254740993', 'odd'),
    String.raw`@nix {"action":"result","fields":["{\"id\":5}"],"id":9007199254740992,"type":101}`,
  ]);
  assert.equal(said.at(-1), 'info: even> {"id":5}');
});

test('warnings of nixpkgs are warnings, other traces are not', () => {
  const { said } = readLines([
    nixLine({ action: 'msg', level: 0, msg: 'trace: \u001b[1;31mwarning: foo is old\u001b[0m' }),
    nixLine({ action: 'msg', level: 0, msg: 'trace: 42' }),
    nixLine({ action: 'msg', level: 1, msg: '\u001b[35;1mevaluation warning:\u001b[0m bar is old' }),
    nixLine({ action: 'msg', level: 4, msg: 'evaluating file' }),
  ]);
  assert.deepEqual(said, ['warning: foo is old', 'info: trace: 42', 'warning: evaluation warning: bar is old']);
});

test('a flake input being fetched and the lines of a post-build hook are shown', () => {
  const fields = [`/nix/store/${'0'.repeat(32)}-a.drv`];
  const { said } = readLines([
    nixLine({ action: 'start', id: 1, type: 112, level: 4, text: "fetching Git repository 'https://example.org/a'" }),
    nixLine({ action: 'start', id: 2, type: 110, level: 3, text: "running post-build-hook '/hook'", fields }),
    nixLine({ action: 'result', id: 2, type: 107, fields: ['uploaded'] }),
  ]);
  assert.deepEqual(said, [
    "info: fetching Git repository 'https://example.org/a'",
    "info: running post-build-hook '/hook'",
    'info: a (post-build-hook)> uploaded',
  ]);
});

test('lines of another format are shown and kept verbatim', () => {
  const lines = ['error: unknown setting', '@nix {half', '@nix null'];
  const { log, said } = readLines(lines);
  assert.deepEqual(
    said,
    lines.map(line => `info: ${line}`),
  );
  assert.deepEqual(log.plain, lines);
});

test('a store path is named without its hash', () => {
  assert.equal(storePathName('/nix/store/78ar79ddns6z76pivrqi81nlpbrs3lk7-hello-2.12.drv'), 'hello-2.12');
  assert.equal(storePathName('/nix/store/zfpribylh4xi9iaqi1ajf42ijpq7l44k-hello-2.12'), 'hello-2.12');
});
