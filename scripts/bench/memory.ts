import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startDistribution } from '../../test/support/distribution.ts';
import { run } from '../../test/support/run.ts';
import { type Measured, measure } from './measure.ts';
import type { Tools } from './push.ts';
import { cells, table } from './report.ts';

const sizes = ['small', 'large'] as const;

/** Pushes images of 200 MB and of 2 GB in every shape to an empty registry; the second must take no more memory. */
export async function benchMemory({ script, program, settings }: Tools, directory: string): Promise<string> {
  const archive = join(directory, 'memory.tar');
  const layout = join(directory, 'memory-layout');
  const compressed = `${archive}.gz`;
  const rows = new Map<string, Measured[]>();
  try {
    for (const size of sizes) {
      const source = settings[size];
      await run('sh', ['-euc', 'out=$1; shift; "$@" > "$out"', 'sh', archive, ...script, source]);
      await run('sh', ['-euc', 'gzip -1 < "$0" > "$1"', archive, compressed]);
      await run(program[0] ?? '', [...program.slice(1), 'build', '--path', source, '--output', `oci:${layout}`]);
      const shapes = {
        'native stream': source,
        'docker-archive': archive,
        'docker-archive, gzip': compressed,
        'OCI layout': layout,
      };
      for (const [name, path] of Object.entries(shapes)) {
        rows.set(name, [...(rows.get(name) ?? []), await push(path, program)]);
      }
      await rm(layout, { recursive: true });
    }
  } finally {
    for (const path of [archive, compressed, layout]) await rm(path, { recursive: true, force: true });
  }
  const heading = ['', 'peak MB, 200 MB', 'processor seconds', 'peak MB, 2 GB', 'processor seconds'];
  return table(
    heading,
    [...rows].map(([name, measured]) => [name, ...measured.flatMap(cells)]),
  );
}

async function push(path: string, program: readonly string[]): Promise<Measured> {
  const registry = await startDistribution();
  try {
    return await measure([...program, 'build', '--path', path, '--tags', `${registry.host}/memory:latest`, '--push']);
  } finally {
    await registry.close();
  }
}
