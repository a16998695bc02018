import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { describeGaps, type Inventory, type SbomSubject } from '../../src/sbom/inventory.ts';
import { inventoryPath, type KnownOfPath } from '../../src/sbom/inventory-path.ts';
import { guessCpe } from '../../src/sbom/package-url.ts';
import { sbomFormats, sbomOf } from '../../src/sbom/sbom-document.ts';
import { assertValid } from './validate-sbom.ts';

const digest = `sha256:${'a'.repeat(64)}` as const;
const pathOf = (i: number, name = `package-${i}.0`) => `/nix/store/${String(i).padStart(32, '0')}-${name}`;

function known(changes: Partial<KnownOfPath> = {}): KnownOfPath {
  const registration = { narHash: 'b'.repeat(64), narSize: 120, references: [], refersOutside: false };
  return { derivation: undefined, registration, meta: undefined, sources: [], patches: [], ...changes };
}

function subjectOf(inventory: Partial<Inventory>): SbomSubject {
  return {
    name: 'ghcr.io/acme/app',
    repository: { host: 'ghcr.io', path: 'acme/app' },
    digest,
    platform: 'linux/arm64/v8',
    created: '2026-11-30T12:00:00.5+01:00',
    inventory: { paths: [], base: undefined, hasUnknownLayers: false, ...inventory },
  };
}

const attributes = { pname: 'a"b\u0007<&', version: '1:2 ~\u{1f600}', name: 'x' };
const hostile = { path: pathOf(9), outputs: [], inputDerivations: [], inputSources: [], attributes };

const subjects: Readonly<Record<string, SbomSubject>> = {
  'an empty image': subjectOf({}),
  'an image on a base in a registry': subjectOf({
    base: { name: 'docker.io/library/alpine:3', digest, diffIds: [digest] },
  }),
  'an image on other layers': subjectOf({ base: { diffIds: [digest] }, hasUnknownLayers: true }),
  'an archive of another machine': subjectOf({
    paths: [inventoryPath(pathOf(1), known({ registration: undefined }))],
  }),
  'paths with sources, licences and references': subjectOf({
    paths: [
      inventoryPath(
        pathOf(1),
        known({
          meta: { licenses: ['MIT'], homepage: 'https://example.org/a b', cpe: 'cpe:2.3:a:acme:a:1:*:*:*:*:*:*:*' },
        }),
      ),
      inventoryPath(pathOf(2, 'name'), known({ meta: { licenses: ['My own licence', 'MIT'] } })),
      inventoryPath(
        pathOf(3),
        known({
          registration: {
            narHash: 'c'.repeat(64),
            narSize: 2 ** 40,
            references: [pathOf(1), pathOf(2, 'name')],
            refersOutside: true,
          },
          sources: [
            {
              path: pathOf(4),
              url: 'mirror://gnu/x.tar',
              hash: { algorithm: 'sha512', hex: 'd'.repeat(128), isNar: false },
            },
          ],
          patches: [
            { path: pathOf(5) },
            {
              path: pathOf(6),
              url: 'https://example.org/p',
              hash: { algorithm: 'sha256', hex: 'e'.repeat(64), isNar: true },
            },
          ],
        }),
      ),
    ],
  }),
  'texts of any kind': subjectOf({ paths: [inventoryPath(pathOf(7, 'a?b=c+d_e.f'), known({ derivation: hostile }))] }),
};

for (const format of sbomFormats) {
  suite(format, () => {
    for (const [name, subject] of Object.entries(subjects)) {
      test(`${name} has the form of the schema, and the same bytes each time`, async () => {
        const text = await sbomOf(format, subject);
        await assertValid(format, text);
        assert.equal(await sbomOf(format, structuredClone(subject)), text);
      });
    }

    test('another image has another id', async () => {
      const of = async (created: string) => JSON.parse(await sbomOf(format, { ...subjectOf({}), created }));
      const [a, b] = [await of('2026-01-01T00:00:00Z'), await of('2026-01-01T00:00:01Z')];
      const id = format === 'spdx' ? 'documentNamespace' : 'serialNumber';
      assert.notEqual(a[id], b[id]);
    });
  });
}

const compositionsOf = async (subject: SbomSubject) => JSON.parse(await sbomOf('cyclonedx', subject)).compositions;
test('a CPE says how it is known', async () => {
  const possibleCpe = 'cpe:2.3:a:acme:package:2.0:*:*:*:*:*:*:*';
  const paths = [
    inventoryPath(pathOf(1), known({ meta: { licenses: [], cpe: possibleCpe } })),
    inventoryPath(pathOf(2), known({ meta: { licenses: [], possibleCpe } })),
    inventoryPath(pathOf(3), known()),
  ];
  const origins = [
    'stated by the package',
    'guessed, for the vendor that the package states',
    'guessed from name and version',
  ];
  const subject = subjectOf({ paths });
  const { components } = JSON.parse(await sbomOf('cyclonedx', subject));
  const { packages } = JSON.parse(await sbomOf('spdx', subject));
  for (const [i, origin] of origins.entries()) {
    const name = i < 2 ? possibleCpe : guessCpe('package', '3.0');
    assert.equal(components[i].cpe, name);
    assert.ok(
      components[i].properties.some((one: object) => isDeepStrictEqual(one, { name: 'nix:cpe', value: origin })),
    );
    const [, ref] = packages[i + 1].externalRefs;
    assert.deepEqual([ref.referenceLocator, ref.comment], [name, origin]);
  }
});

const relationsOf = async (subject: SbomSubject): Promise<readonly string[]> =>
  JSON.parse(await sbomOf('spdx', subject)).relationships.map((one: Readonly<Record<string, string>>) =>
    [one.spdxElementId, one.relationshipType, one.relatedSpdxElement].join(' '),
  );

test('what cannot be known is said', async () => {
  const archive = subjects['an archive of another machine'] as SbomSubject;
  assert.deepEqual(await compositionsOf(archive), [
    { aggregate: 'incomplete', assemblies: ['image'] },
    { aggregate: 'unknown', dependencies: [pathOf(1)] },
  ]);
  const unknown = `SPDXRef-${'1'.padStart(32, '0')} DEPENDS_ON NOASSERTION`;
  assert.ok((await relationsOf(archive)).includes(unknown));
  const onBase = subjects['an image on other layers'] as SbomSubject;
  assert.deepEqual(await compositionsOf(onBase), [
    { aggregate: 'incomplete', assemblies: ['image'] },
    { aggregate: 'unknown', assemblies: ['base'], dependencies: ['base'] },
  ]);
  assert.ok((await relationsOf(onBase)).includes('SPDXRef-base CONTAINS NOASSERTION'));
  assert.ok((await relationsOf(onBase)).includes('SPDXRef-image CONTAINS NOASSERTION'));
});

test('what cannot be known is said in words', async () => {
  const gapsOf = async (name: string) => {
    const subject = subjects[name] as SbomSubject;
    const { comment } = JSON.parse(await sbomOf('spdx', subject));
    const gaps = describeGaps(subject.inventory);
    assert.equal(comment, gaps.join('\n') || 'All files of the image are listed.');
    return gaps;
  };
  assert.deepEqual(await gapsOf('an empty image'), []);
  assert.deepEqual(await gapsOf('an archive of another machine'), [
    `Store paths known only by name, without hash, references and sources: 1 of 1, such as ${pathOf(1)}.`,
  ]);
  assert.deepEqual(await gapsOf('an image on other layers'), [
    'The contents of the base image are not listed.',
    'Files outside of store paths are not listed.',
  ]);
  assert.deepEqual(await gapsOf('paths with sources, licences and references'), [
    `Store paths that refer to others, which are not in the image: 1 of 3, such as ${pathOf(3)}.`,
  ]);
});

test('of a whole image nothing is unknown', async () => {
  const whole = subjectOf({ paths: [inventoryPath(pathOf(1), known())] });
  const compositions: readonly { readonly aggregate: string }[] = await compositionsOf(whole);
  assert.deepEqual([...new Set(compositions.map(({ aggregate }) => aggregate))], ['complete']);
  assert.ok((await relationsOf(whole)).every(relation => !relation.includes('NOASSERTION')));
});
