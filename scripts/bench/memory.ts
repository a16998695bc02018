import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openNix2containerLayer } from '../../src/image/store-layer/nix2container-layer.ts';
import { createMeter, drain } from '../../src/pack/meter.ts';
import { startDistribution } from '../../test/support/distribution.ts';
import { run } from '../../test/support/run.ts';
import type { Closure } from './closure.ts';
import { type Measured, measure } from './measure.ts';
import type { Tools } from './push.ts';
import { cells, table } from './report.ts';

const sizes = ['small', 'large'] as const;

/** Pushes images of 200 MB and of 2 GB in every shape to an empty registry; the second must take no more memory. */
export async function benchMemory({ script, program }: Tools, closure: Closure, directory: string): Promise<string> {
  const archive = join(directory, 'memory.tar');
  const layout = join(directory, 'memory-layout');
  const compressed = `${archive}.gz`;
  const json = join(directory, 'memory-image.json');
  const rows = new Map<string, Measured[]>();
  try {
    for (const size of sizes) {
      const { settings: source, program: path, paths } = closure[size];
      await run('sh', ['-euc', 'out=$1; shift; "$@" > "$out"', 'sh', archive, ...script, source]);
      await run('sh', ['-euc', 'gzip -1 < "$0" > "$1"', archive, compressed]);
      await run(program[0] ?? '', [...program.slice(1), 'build', '--path', source, '--output', `oci:${layout}`]);
      await writeFile(json, JSON.stringify(await imageJson(paths)));
      const shapes = {
        'native stream': source,
        'docker-archive': archive,
        'docker-archive, gzip': compressed,
        'OCI layout': layout,
        nix2container: json,
        package: path,
      };
      for (const [name, image] of Object.entries(shapes)) {
        rows.set(name, [...(rows.get(name) ?? []), await push(image, program)]);
      }
      const zstd = 'native stream, to zstd';
      rows.set(zstd, [...(rows.get(zstd) ?? []), await push(source, program, '--compression', 'zstd')]);
      await rm(layout, { recursive: true });
    }
  } finally {
    for (const path of [archive, compressed, layout, json]) await rm(path, { recursive: true, force: true });
  }
  const heading = ['', 'peak MB, 200 MB', 'processor seconds', 'peak MB, 2 GB', 'processor seconds'];
  return table(
    heading,
    [...rows].map(([name, measured]) => [name, ...measured.flatMap(cells)]),
  );
}

/** What nix2container's `buildImage` writes of these store paths, each a layer. */
async function imageJson(paths: readonly string[]): Promise<object> {
  const layers: object[] = [];
  for (const path of paths) {
    const tar = createMeter();
    await drain(tar.through(openNix2containerLayer([{ path }])));
    const digest = tar.digest();
    const mediatype = 'application/vnd.oci.image.layer.v1.tar';
    layers.push({ digest, size: tar.size(), diff_ids: digest, paths: [{ path }], mediatype });
  }
  return { version: 1, 'image-config': {}, layers, arch: process.arch === 'arm64' ? 'arm64' : 'amd64' };
}

async function push(path: string, program: readonly string[], ...flags: readonly string[]): Promise<Measured> {
  const registry = await startDistribution();
  try {
    const reference = `${registry.host}/memory:latest`;
    return await measure([...program, 'build', '--path', path, '--tags', reference, '--push', ...flags]);
  } finally {
    await registry.close();
  }
}
