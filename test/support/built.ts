import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cache = join(root, '.cache/built');

/**
 * The directory with main.mjs, post.mjs and cli.mjs of the present src. A process with one of them starts in half the
 * time of one with the sources. They are in .cache, and are built by scripts/build.ts if src has changed.
 */
export const built = join(await openBuild(), 'dist');

async function openBuild(): Promise<string> {
  const files = globSync(['src/**/*.{ts,wasm}', 'scripts/*.ts', 'package*.json'], { cwd: root }).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  const place = join(cache, hash.digest('hex').slice(0, 16));
  if (!existsSync(place)) await build(place);
  return place;
}

async function build(place: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const temporary = mkdtempSync(join(cache, 'building-'));
  await run(process.execPath, [join(root, 'scripts/build.ts'), join(temporary, 'dist')], { cwd: root });
  // Plain users start it too.
  chmodSync(temporary, 0o755);
  // cli.mjs reads its version there.
  cpSync(join(root, 'package.json'), join(temporary, 'package.json'));
  try {
    renameSync(temporary, place);
  } catch (error) {
    // Another test file was faster.
    rmSync(temporary, { recursive: true });
    if (!existsSync(place)) throw error;
  }
}
