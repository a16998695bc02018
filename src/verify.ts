import type { Inputs } from './inputs/inputs.ts';
import type { VerifyResult } from './report/result.ts';
import type { Runtime } from './runtime.ts';
import { withRegistries } from './stages/open/with-registries.ts';
import { rebuildVerified } from './stages/rebuild/rebuild-verified.ts';
import { verifyImage } from './stages/verify/verify-image.ts';

/** `mode: verify`: checks who signed an image, from what it was built, and what it contains; changes nothing. */
export function verify([inputs]: readonly [Inputs, ...Inputs[]], runtime: Runtime): Promise<VerifyResult> {
  const names = inputs.image === undefined ? [] : [inputs.image];
  return withRegistries({ inputs, names, runtime }, async context => {
    const verified = await runtime.log.group('Verify', () => verifyImage(inputs, context));
    return inputs.require.parts.includes('rebuild') ? rebuildVerified(verified, inputs, context) : verified;
  });
}
