import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Measured, measure, median } from './measure.ts';
import type { Tools } from './push.ts';
import { cells, table } from './report.ts';

const drainLayers = fileURLToPath(new URL('drain-layers.ts', import.meta.url));

/** Makes and hashes all layers, in turn with the script, and with what cannot be left out: to read the files and hash them. */
export async function benchLayers({ script, settings }: Tools, rounds: number, directory: string): Promise<string> {
  // As it is shipped, in one file.
  const ours = join(directory, 'drain-layers.mjs');
  const banner = {
    js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
  };
  await build({ entryPoints: [drainLayers], outfile: ours, bundle: true, platform: 'node', format: 'esm', banner });
  const { store_layers: layers } = JSON.parse(await readFile(settings.image, 'utf8')) as { store_layers: string[][] };
  const read = 'find "$@" -type f -print0 | xargs -0 cat | openssl dgst -sha256';
  const commands: readonly (readonly [string, readonly string[]])[] = [
    ['script', ['sh', '-euc', '"$@" > /dev/null', 'sh', ...script, settings.image]],
    ['ours', [process.execPath, ours, settings.image]],
    ['files through SHA-256', ['sh', '-euc', read, 'sh', ...layers.flat()]],
  ];
  const results = new Map<string, Measured[]>(commands.map(([name]) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, command] of commands) {
      const measured = await measure(command);
      // The first round warms up the machine.
      if (round > 0) results.get(name)?.push(measured);
    }
  }
  const medians = [...results].map(([name, measured]) => [name, median(measured)] as const);
  const ofScript = medians[0]?.[1].seconds ?? Number.NaN;
  const rows = medians.map(([name, one]) => [
    name,
    one.seconds.toFixed(2),
    (ofScript / one.seconds).toFixed(1),
    ...cells(one),
  ]);
  return table(['', 'seconds', 'times as fast as the script', 'peak MB', 'processor seconds'], rows);
}
