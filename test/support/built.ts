import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
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
  const now = new Date();
  utimesSync(place, now, now);
  return place;
}

async function build(place: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  removeUnused();
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

/** Each change of src leaves 6 MB. What was opened in the last hour may be in use, by another checkout too. */
function removeUnused(): void {
  const hour = 60 * 60 * 1000;
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const opened = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (opened < Date.now() - hour) rmSync(path, { recursive: true, force: true });
  }
}
