import { digestOf } from '../../src/oci/digest.ts';

/** A descriptor of what was put. */
export interface Put {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export const imageType = 'application/vnd.oci.image.manifest.v1+json';
export const indexType = 'application/vnd.oci.image.index.v1+json';

/** Puts content into a repository of a registry on loopback, straight by its API. */
export function openPutter(host: string, path: string) {
  const base = `http://${host}/v2/${path}`;
  const expectOk = async (description: string, answer: Promise<Response>) => {
    const response = await answer;
    const text = await response.text();
    if (!response.ok) throw new Error(`${description}: ${response.status} ${text}`);
    return response;
  };
  const blob = async (mediaType: string, content: string | Buffer<ArrayBuffer>): Promise<Put> => {
    const digest = digestOf(content);
    const started = await expectOk('POST', fetch(`${base}/blobs/uploads/`, { method: 'POST' }));
    const url = new URL(started.headers.get('location') ?? '', base);
    url.searchParams.set('digest', digest);
    const headers = { 'content-type': 'application/octet-stream' };
    await expectOk('PUT', fetch(url, { method: 'PUT', headers, body: content }));
    return { mediaType, digest, size: Buffer.byteLength(content) };
  };
  const manifest = async (
    json: Readonly<Record<string, unknown>> & { readonly mediaType: string },
    ...tags: string[]
  ): Promise<Put> => {
    const body = JSON.stringify({ schemaVersion: 2, ...json });
    const digest = digestOf(body);
    for (const name of [digest, ...tags]) {
      const headers = { 'content-type': json.mediaType };
      await expectOk('PUT', fetch(`${base}/manifests/${name}`, { method: 'PUT', headers, body }));
    }
    return { mediaType: json.mediaType, digest, size: Buffer.byteLength(body) };
  };
  return {
    blob,
    manifest,
    /** An image with a config of its own and no layers; `subject` makes it a referrer. */
    async image(name: string, subject?: Put, ...tags: string[]): Promise<Put> {
      const config = await blob('application/vnd.oci.image.config.v1+json', JSON.stringify({ name }));
      return manifest({ mediaType: imageType, config, layers: [], ...(subject && { subject }) }, ...tags);
    },
    index: (manifests: readonly Put[], ...tags: string[]) => manifest({ mediaType: indexType, manifests }, ...tags),
    /** Whether a manifest is there, by tag or digest. */
    async has(name: string): Promise<boolean> {
      const response = await fetch(`${base}/manifests/${name}`, { headers: { accept: `${imageType}, ${indexType}` } });
      await response.arrayBuffer();
      return response.status === 200;
    },
    async tags(): Promise<string[]> {
      const response = await fetch(`${base}/tags/list`);
      const { tags } = (await response.json()) as { tags?: string[] | null };
      return (tags ?? []).sort();
    },
  };
}
