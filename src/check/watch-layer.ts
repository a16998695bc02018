import { reuseBuffer } from '../lib/read-options.ts';
import type { Layer, LayerReadOptions } from '../oci/image.ts';
import { isAscii, textOf } from '../tar/byte-string.ts';
import { collectFiles } from './collect-files.ts';
import type { FileBudget, LayerFiles } from './layer-files.ts';
import { watchTar } from './watch-tar.ts';

/** Watches a layer while something else reads it. */
export interface LayerWatch {
  /** For `Layer.open`. */
  readonly options: LayerReadOptions;
  /** Passes the tar of the layer on, unchanged. */
  through(tar: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** The collected files, if any were collected. Call it once, after the whole tar has passed. */
  files(): LayerFiles | undefined;
}

/** Collects the files of a layer that rules use; collects nothing without a budget. */
export function watchLayer({ reportsMembers }: Layer, budget: FileBudget | undefined): LayerWatch {
  if (budget === undefined) return { options: reuseBuffer, through: tar => tar, files: () => undefined };
  const collector = collectFiles(budget);
  if (reportsMembers !== true) {
    const watcher = watchTar(collector);
    return { options: reuseBuffer, through: tar => passing(tar, watcher), files: watcher.end };
  }
  const onMember: LayerReadOptions['onMember'] = (member, start) => {
    const { name, linkname } = member;
    const isText = isAscii(name) && (linkname === '' || isAscii(linkname));
    collector.add(isText ? member : { ...member, name: textOf(name), linkname: textOf(linkname) }, start);
  };
  return { options: { ...reuseBuffer, onMember }, through: tar => tar, files: () => collector.end(true) };
}

async function* passing(tar: AsyncIterable<Uint8Array>, watcher: { read(chunk: Uint8Array): void }) {
  for await (const chunk of tar) {
    watcher.read(chunk);
    yield chunk;
  }
}
