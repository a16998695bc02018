import { Failure } from '../lib/failure.ts';
import { parseOneOf } from './input-values.ts';
import type { AttestInputs } from './inputs.ts';

interface Texts {
  readonly sign: string;
  /** May be a secret. */
  readonly pem: string;
  readonly config: string;
  readonly trustedRoot: string;
}

/** Who signs: nobody, the workflow (`sign: keyless`) or a key (`signing-key`). */
export function parseSigner({ sign, pem, config, trustedRoot }: Texts): Pick<AttestInputs, 'signer'> {
  const kind = sign === '' ? undefined : parseOneOf('sign', sign, ['keyless']);
  if (kind !== undefined && pem !== '') {
    throw new Failure(
      'Cannot use sign: keyless together with signing-key: an image has one signer. Remove one of them.',
    );
  }
  if (config !== '' && kind === undefined) {
    throw new Failure('Cannot use signing-config: it names the services for sign: keyless. Set that, or remove it.');
  }
  if (kind !== undefined) {
    return { signer: { kind, ...(config === '' ? {} : { config }), ...(trustedRoot === '' ? {} : { trustedRoot }) } };
  }
  if (pem === '') return {};
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return { signer: { kind: 'key', pem } };
  throw new Failure(
    'Cannot use signing-key: it is not a private key in PEM. Give the content of the file, which starts with "-----BEGIN".',
  );
}
