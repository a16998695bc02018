import { createHash, generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

// Imported, its decorators find no metadata.
const mock = createRequire(import.meta.url)('@sigstore/mock') as typeof import('@sigstore/mock');

/** A Sigstore on loopback. */
export interface Sigstore {
  /** File with the config to sign with. */
  readonly signingConfig: string;
  /** File with the keys of its services, for cosign's `--trusted-root`. */
  readonly trustedRoot: string;
  /** An OIDC token of a workflow: `acme/app/.github/workflows/build.yml@refs/heads/main`. */
  tokenOf(workflow: string): string;
  /** Requests to each service so far. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

interface SigstoreOptions {
  /** Whether there is a Rekor; otherwise timestamps alone show when a key was used. */
  readonly hasLog?: boolean;
  /** Answers a request in place of the service: with a status, or by cutting the connection. */
  readonly onRequest?: (path: string) => number | 'cut' | undefined;
}

/** Starts Fulcio, Rekor and a timestamp authority; writes their configs into `directory`. */
export async function startSigstore(
  directory: string,
  { hasLog = true, onRequest = () => undefined }: SigstoreOptions = {},
): Promise<Sigstore> {
  const requests: string[] = [];
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const services = await openServices(url);
  serve(server, services.handlers, path => {
    requests.push(path);
    return onRequest(path);
  });
  const files = { signingConfig: join(directory, 'signing-config.json'), trustedRoot: join(directory, 'root.json') };
  await writeFile(files.signingConfig, JSON.stringify(signingConfigOf(url, hasLog)));
  await writeFile(files.trustedRoot, JSON.stringify({ ...services.trustedRoot, ...(hasLog ? {} : { tlogs: [] }) }));
  return {
    ...files,
    requests,
    tokenOf: tokenOf,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

type Handlers = ReadonlyMap<string, (body: string) => ReturnType<ReturnType<typeof mock.tsaHandler>['fn']>>;

async function openServices(url: string) {
  const ctlog = await mock.initializeCTLog(keyPair());
  const ca = await mock.initializeCA(keyPair(), ctlog);
  const tlog = await mock.initializeTLog(url, keyPair());
  const tsa = await mock.initializeTSA(keyPair());
  const handlers: Handlers = new Map([
    ['/api/v2/signingCert', mock.fulcioHandler(ca, { subjectClaim: 'san' }).fn],
    [
      '/api/v1/log/entries',
      async (body: string) => ({
        statusCode: 201,
        contentType: 'application/json',
        response: JSON.stringify(await tlog.log(storedEntry(JSON.parse(body)))),
      }),
    ],
    ['/api/v1/timestamp', body => timestampFor(body, mock.tsaHandler(tsa).fn)],
  ]);
  const certChain = (...certificates: ArrayBufferView[]) => ({
    certChain: { certificates: certificates.map(bytes => ({ rawBytes: base64(bytes) })) },
    validFor: { start },
  });
  const logOf = ({ publicKey }: { publicKey: Buffer }) => ({
    baseUrl: url,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: base64(publicKey), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor: { start } },
    logId: { keyId: sha256(publicKey).toString('base64') },
  });
  const trustedRoot = {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [logOf(tlog)],
    ctlogs: [logOf(ctlog)],
    certificateAuthorities: [{ subject, uri: url, ...certChain(ca.rootCertificate) }],
    timestampAuthorities: [
      { subject, uri: `${url}/api/v1/timestamp`, ...certChain(tsa.intCertificate, tsa.rootCertificate) },
    ],
  };
  return { handlers, trustedRoot };
}

type Answer = ReturnType<typeof mock.tsaHandler>['fn'];

/** The mock leaves out zeros at the end of milliseconds, as DER asks, and @sigstore/core reads three digits alone. */
async function timestampFor(body: string, answer: Answer): ReturnType<Answer> {
  for (;;) {
    const made = await answer(body);
    const bytes = made.response;
    const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes.buffer).toString('latin1');
    if (/\d{14}\.\d{3}Z/.test(text)) return made;
  }
}

const start = new Date(Date.now() - 3_600_000).toISOString();
const subject = { organization: 'sigstore.mock', commonName: 'sigstore' };

function signingConfigOf(url: string, hasLog: boolean) {
  const service = (path = '') => [
    { url: `${url}${path}`, majorApiVersion: 1, validFor: { start }, operator: 'sigstore.mock' },
  ];
  return {
    mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
    caUrls: service(),
    oidcUrls: [],
    ...(hasLog ? { rekorTlogUrls: service(), rekorTlogConfig: { selector: 'ANY' } } : {}),
    tsaUrls: service(),
    tsaConfig: { selector: 'ANY' },
  };
}

function serve(server: Server, handlers: Handlers, onRequest: NonNullable<SigstoreOptions['onRequest']>): void {
  server.on('request', async (request, response) => {
    const path = request.url ?? '';
    const fault = onRequest(path);
    if (fault === 'cut') return request.destroy();
    if (fault !== undefined) return response.writeHead(fault).end('on purpose');
    const body = (await buffer(request)).toString();
    const answer = await handlers.get(path)?.(body);
    response.writeHead(answer?.statusCode ?? 404, { 'content-type': answer?.contentType ?? 'text/plain' });
    const text = answer?.response ?? `no ${path}`;
    response.end(typeof text === 'string' ? text : new Uint8Array(text.buffer, text.byteOffset, text.byteLength));
  });
}

interface ProposedEntry {
  readonly kind: string;
  readonly spec: { readonly proposedContent: { readonly envelope: string; readonly verifiers: readonly string[] } };
}

/** What Rekor stores of a proposed entry; the mock would store the proposal itself, which cosign does not accept. */
function storedEntry({ kind, spec }: ProposedEntry) {
  const { envelope, verifiers } = spec.proposedContent;
  const { payload, signatures } = JSON.parse(envelope) as { payload: string; signatures: { sig: string }[] };
  const hash = (value: string | Buffer) => ({ algorithm: 'sha256', value: sha256(value).toString('hex') });
  return {
    apiVersion: '0.0.1',
    kind,
    spec: {
      envelopeHash: hash(envelope),
      payloadHash: hash(Buffer.from(payload, 'base64')),
      signatures: signatures.map(({ sig }, i) => ({ signature: sig, verifier: verifiers[i] })),
    },
  };
}

function tokenOf(workflow: string): string {
  const claims = {
    iss: 'https://token.actions.githubusercontent.com',
    aud: 'sigstore',
    sub: 'repo:acme/app:ref:refs/heads/main',
    // The one claim that the mock certifies; the real Fulcio makes it of the next one.
    san: `https://github.com/${workflow}`,
    job_workflow_ref: workflow,
    workflow_ref: workflow,
    exp: Math.floor(Date.now() / 1000) + 600,
  };
  return `${[{ alg: 'none', typ: 'JWT' }, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.c2ln`;
}

function keyPair() {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

function sha256(content: string | Uint8Array): Buffer {
  return createHash('sha256').update(content).digest();
}

function base64(bytes: ArrayBufferView): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
