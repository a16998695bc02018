import { basename } from 'node:path';
import { withBase32 } from '../../nar/nar-hash.ts';
import type { EntryPath } from '../manifest.ts';

/** The narinfo of a path, whose NAR is at `url`. Nix manual, "Binary Cache Format". */
export function narinfoOf(
  { path, narHash, narSize, references, deriver, signatures = [] }: EntryPath,
  url: string,
): string {
  const lines = [
    `StorePath: ${path}`,
    `URL: ${url}`,
    'Compression: none',
    `FileHash: ${withBase32(narHash)}`,
    `FileSize: ${narSize}`,
    `NarHash: ${withBase32(narHash)}`,
    `NarSize: ${narSize}`,
    `References: ${references.map(reference => basename(reference)).join(' ')}`,
    ...(deriver === undefined ? [] : [`Deriver: ${basename(deriver)}`]),
    ...signatures.map(signature => `Sig: ${signature}`),
  ];
  return lines.map(line => `${line}\n`).join('');
}
