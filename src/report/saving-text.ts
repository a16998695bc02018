import { formatSize } from '../lib/format-size.ts';
import type { PlatformResult } from './result.ts';

/** A sentence about what stable layers would have saved, for the log and the job summary. */
export function savingText({ sent, stable }: NonNullable<PlatformResult['saving']>): string {
  return `Sent layers with ${formatSize(sent)} of store paths, most of them unchanged. With layering: stable, the changed ones are in layers of ${formatSize(stable)} (before compression).`;
}
