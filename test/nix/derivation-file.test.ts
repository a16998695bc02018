import assert from 'node:assert/strict';
import { test } from 'node:test';
import { derivationReader, parseDerivation } from '../../src/nix/derivation-file.ts';

const drvPath = '/nix/store/00000000000000000000000000000000-a.drv';
const withEnv = (env: string) =>
  `Derive([("out","/nix/store/x-a","r:sha256","ab"),("dev","/nix/store/x-a-dev","","")],[("/nix/store/y-b.drv",["out"])],["/nix/store/z"],"s","/bin/sh",["-c","(x) \\"[)\\\\"],[${env}])`;

test('a derivation in the ATerm format is read', () => {
  assert.deepEqual(parseDerivation(withEnv('("name","a\\n\\"(b)\u0007"),("out","x")'), drvPath), {
    path: drvPath,
    outputs: [
      { name: 'out', path: '/nix/store/x-a', algorithm: 'r:sha256', hash: 'ab' },
      { name: 'dev', path: '/nix/store/x-a-dev', algorithm: '', hash: '' },
    ],
    inputDerivations: ['/nix/store/y-b.drv'],
    inputSources: ['/nix/store/z'],
    attributes: { name: 'a\n"(b)\u0007', out: 'x' },
  });
});

test('structured attributes count as attributes', () => {
  const json = JSON.stringify(JSON.stringify({ pname: 'a', patches: ['/p', '/q'], env: { x: 1 } }));
  const derivation = parseDerivation(withEnv(`("__json",${json})`), drvPath);
  assert.deepEqual([derivation?.attributes.pname, derivation?.attributes.patches], ['a', '/p /q']);
});

for (const [title, text] of [
  ['another format', 'DrvWithVersion("xp-dyn-drv",[],[],[],"","",[],[])'],
  ['a part of one', withEnv('').slice(0, -3)],
  ['no derivation', 'Derive()'],
] as const) {
  test(`${title} is not read`, () => assert.equal(parseDerivation(text, drvPath), undefined));
}

test('a derivation that is not in the store is not there', async () => {
  assert.equal(await derivationReader()('/nix/store/00000000000000000000000000000000-missing.drv'), undefined);
});
