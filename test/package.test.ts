import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { minVersion, satisfies } from 'semver';

interface Package {
  readonly engines?: { readonly node?: string };
}

const readJson = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));

test('every dependency supports the oldest Node that package.json names', () => {
  const oldest = minVersion(readJson('package.json').engines.node) ?? '';
  const { packages }: { packages: Readonly<Record<string, Package>> } = readJson('package-lock.json');
  const refusing = Object.entries(packages).filter(
    ([, { engines }]) => engines?.node !== undefined && !satisfies(oldest, engines.node),
  );
  assert.deepEqual(
    refusing.map(([path, { engines }]) => `${path} wants Node ${engines?.node}`),
    [],
  );
});
