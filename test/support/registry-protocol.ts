import { createHash, randomUUID } from 'node:crypto';
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { dirname, join } from 'node:path';
import { hasCode } from '../../src/lib/failure.ts';
import { type Answer, jsonAnswer, Refusal } from './registry-answer.ts';
import {
  blobPath,
  listDirectory,
  manifestPath,
  readIfAny,
  type Store,
  sizeOf,
  tagPath,
  type Upload,
  write,
} from './registry-store.ts';

/** One request, its URL taken apart. */
interface Call {
  readonly repository: string;
  /** Digest, tag or upload: the part of the path that the route calls for, empty if none. */
  readonly reference: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  body(): AsyncIterable<Uint8Array>;
}

type Handler = (store: Store, call: Call) => Promise<Answer> | Answer;

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** The fields that a registry looks at, of an image manifest or an index. */
interface Manifest {
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

const manifestLimit = 4 * 1024 * 1024;

const imageType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const namePattern = `${part}(?:/${part})*`;

const routes: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
  ['GET', route(''), () => jsonAnswer(200, {})],
  ['POST', route('NAME/blobs/uploads/'), startOrMount],
  ['GET', route('NAME/blobs/uploads/REFERENCE'), showUpload],
  ['PATCH', route('NAME/blobs/uploads/REFERENCE'), continueUpload],
  ['PUT', route('NAME/blobs/uploads/REFERENCE'), finishUpload],
  ['DELETE', route('NAME/blobs/uploads/REFERENCE'), cancelUpload],
  ['GET', route('NAME/blobs/DIGEST'), getBlob],
  ['DELETE', route('NAME/blobs/DIGEST'), deleteBlob],
  ['GET', route('NAME/manifests/REFERENCE'), getManifest],
  ['PUT', route('NAME/manifests/REFERENCE'), putManifest],
  ['DELETE', route('NAME/manifests/REFERENCE'), deleteManifest],
  ['GET', route('NAME/tags/list'), listTags],
  ['GET', route('NAME/referrers/DIGEST'), listReferrers],
];

function route(path: string): RegExp {
  const pattern = path
    .replace('NAME', `(?<repository>${namePattern})`)
    .replace('REFERENCE', '(?<reference>[A-Za-z0-9_][A-Za-z0-9._:-]{0,127})')
    .replace('DIGEST', '(?<reference>sha256:[0-9a-f]{64})');
  return new RegExp(`^/v2/${pattern}$`);
}

/** Finds the handler for a request and what it works on; HEAD goes the way of GET. Refuses what has none. */
export function findRoute(method: string, path: string) {
  const matching = routes.filter(([, pattern]) => pattern.test(path));
  const found = matching.find(([verb]) => verb === (method === 'HEAD' ? 'GET' : method));
  if (found === undefined) {
    const status = matching.length === 0 ? 404 : 405;
    throw new Refusal(status, 'UNSUPPORTED', { message: `no such operation: ${method} ${path}` });
  }
  const [, pattern, handler] = found;
  const { repository = '', reference = '' } = pattern.exec(path)?.groups ?? {};
  return { handler, repository, reference };
}

function startOrMount(store: Store, call: Call): Answer {
  const [digest, from] = [call.query.get('mount'), call.query.get('from')];
  if (digest !== null && from !== null && isDigest(digest) && isRepository(from)) {
    if (mount(blobPath(store, from, digest), blobPath(store, call.repository, digest))) {
      return createdAnswer(`/v2/${call.repository}/blobs/${digest}`, digest);
    }
  }
  return startUpload(store, call.repository);
}

/** Makes one file be in two repositories; false if the source has none such. */
function mount(source: string, target: string): boolean {
  mkdirSync(dirname(target), { recursive: true });
  try {
    linkSync(source, target);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  return true;
}

function startUpload(store: Store, repository: string): Answer {
  const id = randomUUID();
  const upload = { repository, path: join(store.root, '_uploads', id), hash: createHash('sha256'), size: 0 };
  writeFileSync(upload.path, '');
  store.uploads.set(id, upload);
  return uploadAnswer(202, id, upload);
}

function showUpload(store: Store, call: Call): Answer {
  return uploadAnswer(204, call.reference, findUpload(store, call));
}

async function continueUpload(store: Store, call: Call): Promise<Answer> {
  const upload = findUpload(store, call);
  await append(upload, call);
  return uploadAnswer(202, call.reference, upload);
}

async function finishUpload(store: Store, call: Call): Promise<Answer> {
  const upload = findUpload(store, call);
  const digest = call.query.get('digest') ?? '';
  if (!isDigest(digest)) throw new Refusal(400, 'DIGEST_INVALID', { message: `not a sha256 digest: "${digest}"` });
  await append(upload, call);
  store.uploads.delete(call.reference);
  const actual = `sha256:${upload.hash.digest('hex')}`;
  if (actual !== digest) {
    unlinkSync(upload.path);
    throw new Refusal(400, 'DIGEST_INVALID', { message: `the content is ${actual}, not ${digest}` });
  }
  const path = blobPath(store, call.repository, digest);
  mkdirSync(dirname(path), { recursive: true });
  renameSync(upload.path, path);
  return createdAnswer(`/v2/${call.repository}/blobs/${digest}`, digest);
}

function cancelUpload(store: Store, call: Call): Answer {
  unlinkSync(findUpload(store, call).path);
  store.uploads.delete(call.reference);
  return { status: 204 };
}

function findUpload(store: Store, call: Call): Upload {
  const upload = store.uploads.get(call.reference);
  if (upload?.repository !== call.repository) {
    throw new Refusal(404, 'BLOB_UPLOAD_UNKNOWN', { message: `no upload ${call.reference}` });
  }
  return upload;
}

/** Adds the body as it comes; what came before a connection broke stays. */
async function append(upload: Upload, call: Call): Promise<void> {
  const range = call.headers['content-range'];
  if (range !== undefined && !range.startsWith(`${upload.size}-`)) {
    const headers = { Range: rangeOf(upload) };
    throw new Refusal(416, 'BLOB_UPLOAD_INVALID', { message: `have ${upload.size} bytes, not ${range}`, headers });
  }
  const file = openSync(upload.path, 'a');
  try {
    for await (const chunk of call.body()) {
      writeFileSync(file, chunk);
      upload.hash.update(chunk);
      upload.size += chunk.length;
    }
  } finally {
    closeSync(file);
  }
}

function uploadAnswer(status: number, id: string, upload: Upload): Answer {
  const Location = `/v2/${upload.repository}/blobs/uploads/${id}`;
  return { status, headers: { Location, Range: rangeOf(upload), 'Docker-Upload-UUID': id } };
}

function rangeOf({ size }: Upload): string {
  return `0-${Math.max(0, size - 1)}`;
}

function getBlob(store: Store, call: Call): Answer {
  const file = blobPath(store, call.repository, call.reference);
  const size = sizeOf(file);
  if (size === undefined) throw new Refusal(404, 'BLOB_UNKNOWN', { message: `no blob ${call.reference}` });
  const headers = { 'Content-Type': 'application/octet-stream', 'Docker-Content-Digest': call.reference };
  const [, first] = /^bytes=(\d+)-$/.exec(call.headers.range ?? '') ?? [];
  if (first === undefined) return { status: 200, headers, body: { file, size } };
  const start = Number(first);
  if (start >= size) throw new Refusal(416, 'SIZE_INVALID', { message: `the blob has ${size} bytes` });
  const range = { 'Content-Range': `bytes ${start}-${size - 1}/${size}` };
  return { status: 206, headers: { ...headers, ...range }, body: { file, start, size: size - start } };
}

function deleteBlob(store: Store, call: Call): Answer {
  getBlob(store, call);
  unlinkSync(blobPath(store, call.repository, call.reference));
  return { status: 202 };
}

function getManifest(store: Store, call: Call): Answer {
  const { repository, reference } = call;
  const digest = isDigest(reference) ? reference : readIfAny(tagPath(store, repository, reference));
  const body = digest === undefined ? undefined : readIfAny(manifestPath(store, repository, digest));
  if (digest === undefined || body === undefined) {
    throw new Refusal(404, 'MANIFEST_UNKNOWN', { message: `no manifest ${reference} in ${repository}` });
  }
  return { status: 200, headers: { 'Content-Type': typeOf(parse(body)), 'Docker-Content-Digest': digest }, body };
}

async function putManifest(store: Store, call: Call): Promise<Answer> {
  const body = await readManifest(call);
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const { repository, reference } = call;
  if (reference.includes(':') && reference !== digest) {
    throw new Refusal(400, 'DIGEST_INVALID', { message: `the manifest is ${digest}, not ${reference}` });
  }
  const manifest = parse(body);
  if (typeOf(manifest) !== call.headers['content-type']) {
    throw invalidManifest(`sent as ${call.headers['content-type']}, but is ${typeOf(manifest)}`);
  }
  checkContent(store, repository, manifest);
  write(store, manifestPath(store, repository, digest), body);
  if (!reference.includes(':')) write(store, tagPath(store, repository, reference), digest);
  const { headers, ...answer } = createdAnswer(`/v2/${repository}/manifests/${reference}`, digest);
  return { ...answer, headers: { ...headers, ...(manifest.subject && { 'OCI-Subject': manifest.subject.digest }) } };
}

async function readManifest(call: Call): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of call.body()) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > manifestLimit) throw new Refusal(413, 'SIZE_INVALID', { message: 'the manifest exceeds 4 MiB' });
  }
  return Buffer.concat(chunks).toString();
}

function parse(body: string): Manifest {
  try {
    return JSON.parse(body) as Manifest;
  } catch {
    throw invalidManifest('not JSON');
  }
}

/** The manifest's media type; an OCI manifest may leave it out. */
function typeOf({ mediaType, manifests }: Manifest): string {
  return mediaType ?? (manifests === undefined ? imageType : indexType);
}

/** Refuses a manifest unless all that it lists is in the repository, with the size that it says. */
function checkContent(store: Store, repository: string, manifest: Manifest): void {
  const { config, layers = [], manifests = [] } = manifest;
  if (config === undefined && manifest.manifests === undefined) throw invalidManifest('neither an image nor an index');
  const blobs = config === undefined ? layers : [config, ...layers];
  const parts = [
    ...blobs.map(descriptor => ({ ...descriptor, path: blobPath })),
    ...manifests.map(descriptor => ({ ...descriptor, path: manifestPath })),
  ];
  for (const { digest, size, path } of parts) {
    if (!isDigest(digest)) throw invalidManifest(`not a sha256 digest: "${digest}"`);
    const actual = sizeOf(path(store, repository, digest));
    if (actual === undefined) throw new Refusal(400, 'MANIFEST_BLOB_UNKNOWN', { message: `no content ${digest}` });
    if (actual !== size) throw invalidManifest(`${digest} has ${actual} bytes, not ${size}`);
  }
}

function invalidManifest(message: string): Refusal {
  return new Refusal(400, 'MANIFEST_INVALID', { message });
}

/** A tag alone, or a manifest and every tag that names it. */
function deleteManifest(store: Store, call: Call): Answer {
  const { repository, reference } = call;
  getManifest(store, call);
  if (!isDigest(reference)) {
    unlinkSync(tagPath(store, repository, reference));
    return { status: 202 };
  }
  for (const tag of listDirectory(dirname(tagPath(store, repository, 'any')))) {
    const path = tagPath(store, repository, tag);
    if (readIfAny(path) === reference) unlinkSync(path);
  }
  unlinkSync(manifestPath(store, repository, reference));
  return { status: 202 };
}

function listTags(store: Store, { repository, query }: Call): Answer {
  const all = listDirectory(dirname(tagPath(store, repository, 'any')));
  if (all.length === 0) throw new Refusal(404, 'NAME_UNKNOWN', { message: `no repository ${repository}` });
  const rest = all.filter(tag => tag > (query.get('last') ?? ''));
  const tags = rest.slice(0, Number(query.get('n') ?? all.length));
  const next = `/v2/${repository}/tags/list?n=${query.get('n')}&last=${tags.at(-1)}`;
  const headers = tags.length < rest.length ? { Link: `<${next}>; rel="next"` } : {};
  return jsonAnswer(200, { name: repository, tags }, headers);
}

/** Looks through all manifests of the repository: slow and simple. */
function listReferrers(store: Store, call: Call): Answer {
  const wanted = call.query.get('artifactType');
  const manifests: unknown[] = [];
  for (const hex of listDirectory(dirname(manifestPath(store, call.repository, call.reference)))) {
    const digest = `sha256:${hex}`;
    const body = readFileSync(manifestPath(store, call.repository, digest), 'utf8');
    const manifest = parse(body);
    const artifactType = manifest.artifactType ?? manifest.config?.mediaType;
    if (manifest.subject?.digest !== call.reference || (wanted !== null && wanted !== artifactType)) continue;
    const { annotations } = manifest;
    manifests.push({ mediaType: typeOf(manifest), digest, size: Buffer.byteLength(body), artifactType, annotations });
  }
  const headers = { 'Content-Type': indexType, ...(wanted === null ? {} : { 'OCI-Filters-Applied': 'artifactType' }) };
  return jsonAnswer(200, { schemaVersion: 2, mediaType: indexType, manifests }, headers);
}

function createdAnswer(location: string, digest: string): Answer {
  return { status: 201, headers: { Location: location, 'Docker-Content-Digest': digest } };
}

function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

function isRepository(text: string): boolean {
  return new RegExp(`^${namePattern}$`).test(text);
}
