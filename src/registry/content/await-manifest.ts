import { setTimeout as sleep } from 'node:timers/promises';
import type { RepositoryClient } from '../access/registry.ts';
import { findManifest } from './manifests.ts';

/** How long to wait for a tag, in milliseconds. */
export interface Patience {
  /** Between two requests. */
  readonly pause: number;
  readonly longest: number;
}

/** Waits until a tag exists; false if it does not appear in time. */
export async function awaitManifest(
  client: RepositoryClient,
  tag: string,
  { pause, longest, now }: Patience & { readonly now: () => number },
): Promise<boolean> {
  const end = now() + longest;
  while (now() < end) {
    await sleep(pause);
    if ((await findManifest(client, tag)) !== undefined) return true;
  }
  return false;
}
