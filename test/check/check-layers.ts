import { buffer } from 'node:stream/consumers';
import { type Header, pack } from 'tar-stream';
import { applyRules } from '../../src/check/apply-rules.ts';
import { collectFiles } from '../../src/check/collect-files.ts';
import type { CheckedLayer } from '../../src/check/image-files.ts';
import { type FileBudget, type LayerFiles, mostFileBytes } from '../../src/check/layer-files.ts';
import type { RuleId } from '../../src/check/rules.ts';
import { watchTar } from '../../src/check/watch-tar.ts';
import type { Json } from '../../src/lib/json-object.ts';
import { configOf } from '../../src/oci/config.ts';

/** A file of a layer by its path: content, a symlink, a program, or a header; the content is zeros then. */
export type Files = Readonly<Record<string, File>>;
type File = string | Buffer | { readonly link: string } | { readonly program: string | Buffer } | Partial<Header>;

/** What the check knows of a layer with these files, which passes in chunks of odd size. */
export async function layerOf(files: Files, budget: FileBudget = { left: mostFileBytes }): Promise<LayerFiles> {
  return readLayer(await tarOf(files), budget);
}

/** What the check knows of a tar. */
export function readLayer(tar: Buffer, budget: FileBudget = { left: mostFileBytes }): LayerFiles {
  const watcher = watchTar(collectFiles(budget));
  for (let at = 0; at < tar.length; at += 1000) watcher.read(tar.subarray(at, at + 1000));
  return watcher.end();
}

/** A tar of these files; content has mode 0644. */
export async function tarOf(files: Files): Promise<Buffer> {
  const archive = pack();
  const whole = buffer(archive);
  for (const [name, file] of Object.entries(files)) {
    if (typeof file === 'string' || Buffer.isBuffer(file)) archive.entry({ name, mode: 0o644 }, file);
    else if ('link' in file) archive.entry({ name, type: 'symlink', linkname: String(file.link) });
    else if ('program' in file) archive.entry({ name, mode: 0o555 }, file.program);
    else archive.entry({ name, ...file }, Buffer.alloc(file.size ?? 0));
  }
  archive.finalize();
  return whole;
}

export interface ToCheck {
  /** `config` of the image config. */
  readonly config?: Json;
  /** Other fields of the image config. */
  readonly json?: Json;
  readonly layers?: readonly CheckedLayer[];
  readonly repositoryUrl?: string;
  readonly ignored?: readonly RuleId[];
}

/** The facts by rule that an image breaks. */
export function factsOf({
  config = {},
  json = {},
  layers = [],
  repositoryUrl,
  ignored = [],
}: ToCheck): Record<string, readonly string[]> {
  const image = { config: configOf({ architecture: 'amd64', os: 'linux', ...json, config }), layers, repositoryUrl };
  return Object.fromEntries(applyRules(image, { ignored }).map(({ rule, facts }) => [rule, facts]));
}

/** The first bytes of an ELF program. */
export function elf({ machine = 62, loader = '' }: { machine?: number; loader?: string } = {}): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeUInt16LE(machine, 18);
  bytes.writeUInt32LE(64, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(loader === '' ? 0 : 2, 56);
  // A header of another kind comes first.
  bytes.writeUInt32LE(1, 64);
  bytes.writeUInt32LE(3, 120);
  bytes.writeUInt32LE(256, 128);
  bytes.writeUInt32LE(loader.length + 1, 152);
  bytes.write(`${loader}\0`, 256);
  return bytes;
}
