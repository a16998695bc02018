import { mediaTypes } from '../../src/oci/blob.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { LayerContents } from '../../src/oci/layer-contents.ts';
import { parseReference } from '../../src/oci/reference.ts';
import type { ImageResult, PlatformResult, RunResult } from '../../src/report/result.ts';

const layer = (text: string, size: number) => ({
  descriptor: { mediaType: mediaTypes.layerGzip, digest: digestOf(text), size },
  diffId: digestOf(`${text}, plain`),
});

const storePath = (name: string) => `/nix/store/${'0'.repeat(32)}-${name}`;

/** Two outputs of one package. */
const glibc: LayerContents = {
  paths: [
    { path: storePath('glibc-2.40'), narSize: 30_000_000 },
    { path: storePath('glibc-2.40-bin'), narSize: 2_000_000 },
  ],
  history: '',
};

/** Five packages without sizes. */
const small: LayerContents = {
  paths: ['a-1', 'b-2', 'c', 'd-4', 'e-5'].map(name => ({ path: storePath(name) })),
  history: '',
};

export const sampleVariant: PlatformResult = {
  manifest: { mediaType: mediaTypes.manifest, digest: digestOf('manifest'), size: 1234 },
  configDigest: digestOf('config'),
  platform: 'linux/amd64',
  created: '2026-01-31T12:00:00Z',
  labels: { title: 'Hello', text: 'a | b, `c` <b>\nsecond line' },
  layers: [
    { ...layer('base', 41_900_000), state: 'already there', contents: glibc },
    { ...layer('app', 81_920), state: 'uploaded', contents: small },
    { ...layer('app', 81_920), state: 'uploaded', contents: { paths: [], history: 'COPY | app\n' } },
  ],
};

const references = ['ghcr.io/acme/app:1.2', 'acme/app'].map(parseReference);

export const sampleImage: ImageResult = {
  name: undefined,
  metadata: {
    version: '1.2',
    tagNames: ['1.2', 'latest'],
    repositories: ['ghcr.io/acme/app'],
    references,
    labels: { title: 'Hello' },
    deleted: new Set(),
    annotations: [],
    annotationLevels: ['manifest'],
    created: '2026-01-31T12:00:00Z',
    notes: [],
  },
  root: sampleVariant.manifest,
  platforms: [sampleVariant],
  repositories: references,
  references,
  pushed: true,
  uploadedBytes: 83_000,
};

/** A run that pushed an image of three layers under two references. */
export const sampleResult: RunResult = { images: [sampleImage], nixVersion: '2.30.1' };

/** The same run, with an image that differs. */
export function resultWith(image: Partial<ImageResult>, variant: Partial<PlatformResult> = {}): RunResult {
  return { ...sampleResult, images: [{ ...sampleImage, platforms: [{ ...sampleVariant, ...variant }], ...image }] };
}
