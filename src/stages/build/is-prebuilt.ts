import type { Inputs } from '../../inputs/inputs.ts';

/** Whether the input `path` names an image that is already built. */
export function isPrebuilt({ builds: [first] }: Inputs): boolean {
  return first?.source.kind === 'path';
}
