/**
 * Compiles src/lib/compress/deflate.wasm from libdeflate as crates.io has it, our changes to it, and scripts/deflate/deflate.c.
 * The same bytes need the clang and lld named here, which are installed if they are missing.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../src/lib/failure.ts';
import { debianPackages } from './install-packages.ts';
import { meetRequirements } from './requirements.ts';

const source = {
  url: 'https://static.crates.io/crates/libdeflate-sys/libdeflate-sys-1.26.1.crate',
  sha256: 'd7870e5fbd2766179a937c725fb11f4ca0ef025d982beb61bd3ce755425bd19c',
  /** Where libdeflate is in it. */
  path: 'libdeflate-sys-1.26.1/libdeflate',
};

const flags = [
  '--target=wasm32',
  '-O2',
  '-msimd128',
  '-mbulk-memory',
  '-ffreestanding',
  '-DFREESTANDING',
  '-nostdlib',
  '-Wall',
  '-Wl,--no-entry,--strip-all,--stack-first,-z,stack-size=65536',
];

await meetRequirements([debianPackages(['clang-14', 'lld-14', 'patch'])]);
const directory = await mkdtemp(join(tmpdir(), 'deflate-'));
try {
  const archive = join(directory, 'libdeflate.tar.gz');
  await writeFile(archive, await download());
  execFileSync('tar', ['-xzf', archive, '-C', directory]);
  const libdeflate = join(directory, source.path);
  execFileSync('patch', ['--quiet', '--strip=1', `--directory=${libdeflate}`, '--input', resolved('libdeflate.patch')]);
  const from = ['-I', libdeflate, resolved('deflate.c')];
  execFileSync('clang-14', [...flags, ...from, '-o', 'src/lib/compress/deflate.wasm'], { stdio: 'inherit' });
  await chmod('src/lib/compress/deflate.wasm', 0o644);
} finally {
  await rm(directory, { recursive: true });
}

function resolved(name: string): string {
  return join(import.meta.dirname, 'deflate', name);
}

async function download(): Promise<Buffer> {
  const response = await fetch(source.url);
  if (!response.ok) throw new Failure(`Cannot download ${source.url}: ${response.status} ${response.statusText}.`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== source.sha256) throw new Failure(`${source.url} has the SHA-256 ${sha256}, not ${source.sha256}.`);
  return bytes;
}
