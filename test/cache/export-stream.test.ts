import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { exportStream } from '../../src/cache/export-stream.ts';
import { findParts } from '../../src/cache/read-entry.ts';
import { writeFrames } from '../../src/cache/write-entry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { file, nar } from './make-entry.ts';

test('paths come in the wanted order, in whatever parts they are', async t => {
  const directory = await temporaryDirectory(t);
  const paths = [...'abcdf'].map(name => {
    const bytes = nar(file(`contents of ${name}`));
    return { path: `/nix/store/${name.repeat(32)}-${name}`, narHash: '', narSize: bytes.length, references: [], bytes };
  });
  const [a, b, c, d, f] = paths as [Path, Path, Path, Path, Path];
  type Path = (typeof paths)[number];
  const parts = [];
  for (const [i, group] of [
    [d, a, c],
    [f, b],
  ].entries()) {
    const place = join(directory, String(i));
    await writeFrames(place, [group.map(({ bytes }) => bytes)]);
    parts.push(...findParts(place, [group]));
  }
  for (const wanted of [[a, b, c, d, f], [f, b, d, a, c], [c]]) {
    const pieces: Uint8Array[] = [];
    for await (const piece of exportStream(parts, wanted)) pieces.push(Buffer.from(piece));
    const text = Buffer.concat(pieces).toString('latin1');
    const named = [...text.matchAll(/contents of (\w)|\/nix\/store\/(\w)\w{31}-/g)].map(
      ([, content, path]) => content ?? path,
    );
    assert.deepEqual(
      named,
      wanted.flatMap(({ path }) => [path.at(-1), path.at(-1)]),
    );
  }
});
