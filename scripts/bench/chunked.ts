import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf } from '../../src/oci/digest.ts';
import type { Layer } from '../../src/oci/image.ts';
import { parseCompression } from '../../src/pack/compression.ts';
import { packLayer } from '../../src/pack/pack-layer.ts';
import { writeTar } from '../../src/tar/write-tar.ts';
import { startDistribution } from '../../test/support/distribution.ts';
import { imageType, openPutter } from '../../test/support/put-content.ts';
import { run } from '../../test/support/run.ts';
import { bytesOf } from '../../test/support/streams.ts';
import { type ByteCounter, startByteCounter } from './byte-counter.ts';
import { megabytes, table } from './report.ts';

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const methods = ['gzip', 'zstd', 'zstd:chunked'];

/** Pulls a layer of 200 files with podman of Debian sid, then the same with one file changed, and counts the bytes. */
export async function benchChunked(directory: string): Promise<string> {
  const sid = join(directory, 'sid-podman');
  await run(script('newer-debian'), ['sid', sid, 'podman', 'crun']);
  const registry = await startDistribution();
  const counter = await startByteCounter(registry.host);
  try {
    const rows: string[][] = [];
    for (const method of methods) {
      const before = await putImage(registry.host, method, await tarOf(false));
      await putImage(registry.host, method, await tarOf(true), 'changed');
      const podman = (...args: string[]) => run(script('newer-podman'), [join(sid, 'root'), counter.host, ...args]);
      await podman('rmi', '--all', '--force');
      const pull = (tag: string) =>
        pullCounted(counter, () => podman('pull', '--quiet', `${counter.host}/${before.path}:${tag}`));
      rows.push([method, ...[before.size, await pull('first'), await pull('changed')].map(megabytesExactly)]);
    }
    return table(['compression', 'layer, MB', 'first pull, MB', 'one file changed, MB'], rows);
  } finally {
    await counter.close();
    await registry.close();
  }
}

async function pullCounted(counter: ByteCounter, pull: () => Promise<unknown>): Promise<number> {
  counter.takeAnswered();
  await pull();
  return counter.takeAnswered();
}

function megabytesExactly(bytes: number): string {
  return bytes < 1e6 ? (bytes / 1e6).toFixed(3) : megabytes(bytes);
}

/** 200 files of up to 107 kB that compress to half. */
async function tarOf(isChanged: boolean): Promise<Buffer> {
  const members = Array.from({ length: 200 }, (_, i) => {
    const name = isChanged && i === 100 ? 'changed' : `${i}`;
    const length = 1 + ((i * 37) % 50) * 17;
    const parts = Array.from({ length }, (_, at) => createHash('sha512').update(`${name} ${at}`).digest());
    const content = Buffer.concat([...parts, Buffer.alloc(parts.length * 64, 'text ')]);
    return { name: `file-${i}`, size: content.length, open: () => streamOf(content) };
  });
  return bytesOf(writeTar(members));
}

async function* streamOf(bytes: Buffer) {
  yield bytes;
}

async function putImage(host: string, method: string, tar: Buffer, tag = 'first') {
  const directory = await mkdtemp(join(tmpdir(), 'bench-chunked-'));
  try {
    const layer: Layer = { diffId: digestOf(tar), encoding: 'tar', open: () => streamOf(tar) };
    const packed = await packLayer(layer, join(directory, 'layer'), { compression: parseCompression(method, '') });
    const path = `bench/${method.replace(':', '-')}`;
    const put = openPutter(host, path);
    const blob = Buffer.from(await bytesOf(packed.open()));
    await put.blob(packed.descriptor.mediaType, blob);
    const rootfs = { type: 'layers', diff_ids: [packed.diffId] };
    const config = JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs });
    const configPut = await put.blob('application/vnd.oci.image.config.v1+json', config);
    await put.manifest({ mediaType: imageType, config: configPut, layers: [packed.descriptor] }, tag);
    return { path, size: blob.length };
  } finally {
    await rm(directory, { recursive: true });
  }
}
