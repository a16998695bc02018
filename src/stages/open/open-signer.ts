import type { Signer } from '../../attest/signer.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { readWholeFile } from '../../lib/read-whole-file.ts';
import type { Runtime } from '../../runtime.ts';

/** Bytes; a signing config lists a few addresses, and a trusted root a few certificates. */
const largestConfig = 1 << 20;

/**
 * Opens the signer of an image, so that a key that cannot be used or a missing permission shows before anything is
 * built. Undefined if nothing is signed. The code that signs loads here, since most runs do not need it.
 */
export async function openSigner({ attest: { signer } }: Inputs, runtime: Runtime): Promise<Signer | undefined> {
  const { keyPassword, identityToken } = runtime.signing;
  if (signer?.kind === 'key') {
    const [{ parseSigningKey }, { createKeySigner }] = await Promise.all([
      import('../../attest/signing-key.ts'),
      import('../../attest/key-signer.ts'),
    ]);
    return createKeySigner(await parseSigningKey(signer.pem, keyPassword));
  }
  if (signer === undefined) return undefined;
  const read = (path: string | undefined) =>
    path === undefined ? undefined : readWholeFile(runtime.resolve(path), largestConfig, path);
  const [signingConfig, trustedRoot] = await Promise.all([read(signer.config), read(signer.trustedRoot)]);
  const { openKeylessSigner } = await import('../../attest/keyless-signer.ts');
  return openKeylessSigner({ identityToken, signingConfig, trustedRoot, directory: runtime.temporary });
}
