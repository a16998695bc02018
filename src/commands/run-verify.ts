import { githubIssuer } from '../attest/github-issuer.ts';
import { openVerifier, type Wanted } from '../attest/verifier.ts';
import { Failure } from '../lib/failure.ts';
import { printable } from '../lib/printable.ts';
import { readWholeFile } from '../lib/read-whole-file.ts';
import type { Runtime } from '../runtime.ts';
import { verifyImage } from '../stages/open/verify-image.ts';
import type { Action, Flags } from './command.ts';
import { jsonText } from './json-text.ts';
import { readInputs } from './read-inputs.ts';
import { UsageError } from './usage-error.ts';
import { withRegistries } from './with-registries.ts';

/** Largest key or trusted root, in bytes. */
const largestFile = 1 << 20;

/** Fails unless the signer that the flags name has signed the image. */
export const runVerify: Action = async ({ parameters, flags }, runtime) => {
  const { provenance: _, ...ofInputs } = flags;
  const inputs = readInputs(ofInputs, runtime.env);
  const name = String(parameters[0]);
  const verify = await openVerifier(await readWanted(flags, runtime));
  const image = await withRegistries({ inputs, names: [name], runtime }, context => verifyImage(name, verify, context));
  if (flags.provenance === true && image.provenance === undefined) {
    throw new Failure(`The image ${image.name} has no provenance by that signer. Build it with provenance: true.`);
  }
  const provenance = image.provenance === undefined ? [] : [jsonText(image.provenance)];
  const text = [`${image.name} is signed.`, ...image.predicateTypes, ...provenance].join('\n');
  return { text: printable(text), json: image };
};

async function readWanted(flags: Flags, runtime: Runtime): Promise<Wanted> {
  const { identity, key, issuer = githubIssuer, 'trusted-root': root } = flags;
  const read = (path: string) => readWholeFile(runtime.resolve(path), largestFile, path);
  if (typeof key === 'string' && identity === undefined) return { kind: 'key', pem: await read(key) };
  if (typeof identity !== 'string' || key !== undefined) {
    throw new UsageError('Give either --identity or --key: whoever must have signed the image.');
  }
  const trustedRoot = typeof root === 'string' ? await read(root) : undefined;
  return { kind: 'identity', identity, issuer: String(issuer), trustedRoot, directory: runtime.temporary };
}
