import type { Inputs } from '../../inputs/inputs.ts';
import type { MetadataResult } from '../../report/result.ts';
import type { Runtime } from '../../runtime.ts';
import { describeRun } from './describe-run.ts';

/** `mode: metadata`: computes tags, labels and annotations; needs neither Nix nor an image. */
export async function describeOnly(images: readonly [Inputs, ...Inputs[]], runtime: Runtime): Promise<MetadataResult> {
  const [metadata] = await runtime.log.group('Metadata', () => describeRun(images, runtime));
  return { metadata };
}
