import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readPathMeta } from '../../src/nix/path-meta.ts';
import { nixSystem } from '../../src/nix/system.ts';
import { storePathName } from '../../src/store-path.ts';
import { nixArguments } from '../support/nix-build.ts';
import { openNixVersions } from '../support/nix-versions.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { openFixtureNix } from './dockertools.ts';

const nixpkgs = fileURLToPath(new URL('../fixtures/sbom/nixpkgs', import.meta.url));

/** Only the names of `tool` and `requests` reach the image; `library` is an input of it. */
const flake = `{
  inputs.nixpkgs.url = "path:${nixpkgs}";
  outputs = { self, nixpkgs }:
    let pkgs = nixpkgs.legacyPackages.${nixSystem}; in {
      packages.${nixSystem} = rec {
        tool = pkgs.run { name = "tool-3"; } "echo tool > $out" // {
          meta = { license.spdxId = "0BSD"; homepage = "javascript:alert(1)"; identifiers.cpe = "cpe:2.3:a:x"; };
        };
        environment = pkgs.run { name = "environment"; paths = [ pkgs.libgreet ]; } "echo $paths > $out";
        image = pkgs.run { name = "image"; inherit environment; } ''
          echo \${tool} \${pkgs.python313Packages.requests} > $out
        '' // { meta.homepage = "https://bot:hunter2@example.org/image"; };
        broken = throw "no such package";
        paths = map toString [ pkgs.libgreet pkgs.libgreet.dev pkgs.python313Packages.requests tool image ];
      };
    };
}`;

let opened: Awaited<ReturnType<typeof openFixtureNix>>;
let paths: string[];
const directory = await temporaryDirectory({ after });
const url = `path:${directory}`;

before(async () => {
  opened = await openFixtureNix();
  await writeFile(join(directory, 'flake.nix'), flake);
  paths = JSON.parse(await run('nix', ['eval', ...nixArguments, '--json', `${url}#paths`])).sort();
});
after(() => opened.runtime.close());

/** The metadata of an installable's paths by the names of the paths, and what Nix was asked. */
async function read(installable: string, program = opened.nix.program, wanted: readonly string[] = paths) {
  const asked: string[] = [];
  const exec: typeof opened.nix.exec = (name, args, options) => {
    asked.push(args.join(' '));
    return opened.nix.exec(name, args, options);
  };
  const inputs = { target: { kind: 'installable', installable }, buildArgs: [], impure: false } as const;
  const meta = await readPathMeta({ ...opened.nix, program, exec }, { inputs, paths: wanted }, opened.runtime);
  return { meta: Object.fromEntries([...meta].map(([path, of]) => [storePathName(path), of])), asked };
}

const library = {
  licenses: ['LGPL-2.1-or-later', 'Greeting License'],
  homepage: 'https://example.org/libgreet',
  cpe: 'cpe:2.3:a:greetings:libgreet:2.1:*:*:*:*:*:*:*',
};

test('licences come from inputs of what is built, from other packages of its flake, and from its nixpkgs', async () => {
  for (const program of await openNixVersions()) {
    const { meta } = await read(`${url}#image`, program);
    assert.deepEqual(meta, {
      'libgreet-2.1': library,
      'libgreet-2.1-dev': library,
      'tool-3': { licenses: ['0BSD'] },
      'python3.13-requests-2.32.3': {
        licenses: ['Apache'],
        possibleCpe: 'cpe:2.3:a:python:requests:2.32.3:*:*:*:*:*:*:*',
      },
      image: { licenses: [], homepage: 'https://example.org/image' },
    });
  }
});

test('chosen outputs have the metadata of their package', async () => {
  const { meta } = await read(`${url}#image`);
  for (const outputs of ['^out', '^*', '^out,dev']) {
    assert.deepEqual((await read(`${url}#image${outputs}`)).meta, meta, outputs);
  }
  assert.deepEqual((await read(`path:${nixpkgs}#legacyPackages.${nixSystem}.libgreet^dev`)).meta, {
    'libgreet-2.1': library,
    'libgreet-2.1-dev': library,
  });
});

test('the evaluation is asked once if it knows all, and of a flake without nixpkgs no other one', async () => {
  const some = paths.filter(path => !/requests/.test(path));
  const { asked } = await read(`${url}#packages.${nixSystem}.image`, opened.nix.program, some);
  assert.deepEqual(
    asked.map(text => text.split(' ')[0]),
    ['eval'],
  );
  const own = `path:${nixpkgs}#legacyPackages.${nixSystem}.libgreet`;
  const { meta, asked: ofOwn } = await read(own);
  assert.deepEqual(meta, { 'libgreet-2.1': library, 'libgreet-2.1-dev': library });
  assert.ok(ofOwn.every(text => !text.includes(' nixpkgs#')));
});

test('a question about thousands of paths with long names is short enough for a program', async () => {
  const many = Array.from(
    { length: 5000 },
    (_, i) => `/nix/store/${String(i).padStart(32, '0')}-${'x'.repeat(200)}-${i}`,
  );
  const [library = ''] = paths.filter(path => /libgreet-2.1$/.test(path));
  const { meta } = await read(`${url}#image`, opened.nix.program, [
    ...many.slice(0, 1999),
    library,
    ...many.slice(1999),
  ]);
  assert.deepEqual(Object.keys(meta), ['libgreet-2.1']);
});

test('an evaluation that fails gives none', async () => {
  assert.deepEqual((await read('path:/nowhere#image')).meta, {});
  assert.deepEqual((await read(`${url}#broken`)).meta, (await read(`${url}#image`)).meta);
});

test('a flake that imports what it builds is evaluated as it was built', async t => {
  const imports = `{
    inputs.nixpkgs.url = "path:${nixpkgs}";
    outputs = { self, nixpkgs }: {
      packages.${nixSystem} = rec {
        inherit (nixpkgs.legacyPackages.${nixSystem}) run;
        made = run { name = "made"; } ''echo '"1.5"' > $out'';
        app = run { name = "app-\${import made}"; } "echo app > $out" // { meta.license.spdxId = "ISC"; };
      };
    };
  }`;
  const own = await temporaryDirectory(t);
  await writeFile(join(own, 'flake.nix'), imports);
  const installable = `path:${own}#app`;
  const path = await run('nix', ['eval', ...nixArguments, '--raw', installable]);
  assert.deepEqual((await read(installable, opened.nix.program, [path])).meta, { 'app-1.5': { licenses: ['ISC'] } });
});
