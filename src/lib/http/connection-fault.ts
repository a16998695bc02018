import { codeOf, Failure } from '../failure.ts';
import { oneLine } from '../printable.ts';

/** Why a server cannot be used, by the code of an error. */
export interface ConnectionFault {
  /** `HOST[:PORT]` */
  readonly server: string;
  /** `Cannot trust`, followed by the server. */
  readonly failed: string;
  /** A clause: `its certificate has expired`. */
  readonly why: string;
  /** Advice as a sentence; empty if there is none. */
  readonly advice: string;
}

interface Row extends Omit<ConnectionFault, 'server'> {
  /** Codes of Node and OpenSSL. */
  readonly codes: RegExp;
}

const clock = 'set the clock of this machine if it is wrong';

const rows: readonly Row[] = [
  {
    codes: /^ECONNREFUSED$/,
    failed: 'Cannot reach',
    why: 'nothing listens on SERVER',
    advice: 'Check the host and the port, and that the server is running.',
  },
  { codes: /^ENOTFOUND$/, failed: 'Cannot find', why: 'no such host', advice: 'Check the host name.' },
  {
    codes: /^CERT_HAS_EXPIRED$/,
    failed: 'Cannot trust',
    why: 'its certificate has expired',
    advice: `Renew the certificate on the server, or ${clock}.`,
  },
  {
    codes: /^CERT_NOT_YET_VALID$/,
    failed: 'Cannot trust',
    why: 'its certificate is not valid yet',
    advice: `Wait until it is valid, or ${clock}.`,
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    failed: 'Cannot trust',
    why: 'its certificate is for another host (NAMES)',
    advice: 'Use a name in the certificate, or install a certificate for this host on the server.',
  },
  {
    codes: /SELF_SIGNED/,
    failed: 'Cannot trust',
    why: 'its certificate is self-signed, or signed by an unknown authority',
    advice: 'Set SSL_CERT_FILE to a file with the certificate of that authority.',
  },
  {
    codes: /^UNABLE_TO_|^CERT_UNTRUSTED$|^INVALID_CA$/,
    failed: 'Cannot trust',
    why: 'its certificate is signed by an unknown authority, or the server does not send an intermediate certificate',
    advice: 'Set SSL_CERT_FILE to a file with the certificate of that authority.',
  },
  { codes: /CERT|^CRL_|^HOSTNAME_MISMATCH$/, failed: 'Cannot trust', why: 'its certificate is not valid', advice: '' },
  {
    codes: /^(EPROTO|ERR_SSL_\w+)$/,
    failed: 'Cannot speak TLS to',
    why: 'it does not answer in TLS, or supports no secure version of it',
    advice: 'Check the scheme and the port.',
  },
  {
    codes: /^HPE_HEADER_OVERFLOW$/,
    failed: 'Cannot use',
    why: 'its answer has more than 16 KiB of headers',
    advice: '',
  },
];

/** An error of a connection that records which server (`HOST:PORT`) it was to. */
export function withServer(error: Error, server: string): Error {
  // If several addresses do not answer, the first one's error, because the combined error has no message.
  const reason: Error = error instanceof AggregateError ? error.errors[0] : error;
  return Object.assign(reason, { server });
}

/** A permanent fault of a connection; undefined if another try may help, or if that is unknown. */
export function connectionFaultOf(error: unknown): ConnectionFault | undefined {
  const { server } = error as { server?: unknown };
  const code = codeOf(error);
  const row = rows.find(({ codes }) => codes.test(code));
  if (row === undefined || typeof server !== 'string') return undefined;
  const why = row.why.replace('SERVER', () => server).replace('NAMES', () => namesIn(error));
  return { server, failed: row.failed, why: `${why} (${code})`, advice: row.advice };
}

/** A fault of a connection as one error for people. */
export function failureOf({ failed, server, why, advice }: ConnectionFault, cause: unknown): Failure {
  return new Failure(`${failed} ${server}: ${why}. ${advice}`.trimEnd(), { cause });
}

/** The names in a certificate that does not have the requested one. */
function namesIn(error: unknown): string {
  const { cert } = error as { cert?: { subjectaltname?: unknown; subject?: { CN?: unknown } } };
  return oneLine(String(cert?.subjectaltname ?? cert?.subject?.CN ?? 'it has no name'), 200);
}
