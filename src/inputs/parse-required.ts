import { Failure } from '../lib/failure.ts';
import { githubIssuer } from './github-issuer.ts';
import { parseOneOf } from './input-values.ts';
import { type RequireInputs, requiredParts } from './inputs.ts';

interface SignerTexts {
  readonly identities: readonly string[];
  readonly issuer: string;
  readonly key: string;
  readonly trustedRoot: string;
  /** A step that signs as its workflow takes a trusted root for itself, too. */
  readonly sign: string;
}

/** Who must have signed an image: one of several identities, or the owner of a key. */
export function parseRequiredSigner({
  identities,
  issuer,
  key,
  trustedRoot,
  sign,
}: SignerTexts): Pick<RequireInputs, 'signer'> {
  if (identities.length > 0 && key !== '') {
    throw new Failure('Cannot use require-signed together with require-key: give an identity or a key. Remove one.');
  }
  const ofIdentities = {
    'trusted-root': sign === '' ? trustedRoot : '',
    'require-issuer': issuer === githubIssuer ? '' : issuer,
  };
  for (const [name, text] of Object.entries(ofIdentities)) {
    if (identities.length > 0 || text === '') continue;
    throw new Failure(`Cannot use ${name}: it is only for identities in require-signed. Give one, or remove ${name}.`);
  }
  if (key !== '') return { signer: { kind: 'key', key } };
  if (identities.length === 0) return {};
  return { signer: { kind: 'identity', identities, issuer, ...(trustedRoot === '' ? {} : { trustedRoot }) } };
}

/** What a signer must have attached, comma-separated. */
export function parseRequiredParts(text: string): RequireInputs['parts'] {
  const parts = text.split(',').map(part => parseOneOf('require', part.trim(), requiredParts));
  if (!parts.includes('rebuild') || (parts.includes('signature') && parts.includes('provenance'))) return parts;
  throw new Failure('Cannot use require: rebuild needs signature and provenance. Add both.');
}

/** `acme/app`, or the URL of a repository. */
export function parseRequiredRepository(text: string): Pick<RequireInputs, 'repository'> {
  if (text === '') return {};
  if (/^(https:\/\/[\w.:-]+\/)?[\w.-]+\/[\w.-]+$/.test(text)) return { repository: text };
  throw new Failure(`Cannot use require-repository: "${text}". Give OWNER/NAME or https://HOST/OWNER/NAME.`);
}

/** A full git ref. */
export function parseRequiredRef(text: string): Pick<RequireInputs, 'ref'> {
  if (text === '') return {};
  if (text.startsWith('refs/')) return { ref: text };
  throw new Failure(`Cannot use require-ref: "${text}". Give the full ref, as in refs/heads/main or refs/tags/v1.2.3.`);
}
