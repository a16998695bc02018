import { isObject } from '../lib/json-object.ts';
import { storeHash } from '../store-path.ts';
import type { ImageConfig } from './config.ts';

/** A store path in a layer. */
interface LayerPath {
  readonly path: string;
  /** Bytes of its NAR, if known. */
  readonly narSize?: number | undefined;
}

/** What is in a layer, for people. Its texts come from the image and may be hostile. */
export interface LayerContents {
  /** Empty if the layer has no store paths, or none are known. */
  readonly paths: readonly LayerPath[];
  /** What the image's history says of a layer without known store paths; empty if nothing. */
  readonly history: string;
}

/** Contents of a layer that is made of these store paths. */
export function contentsOf(paths: readonly string[]): LayerContents {
  return { paths: paths.map(path => ({ path })), history: '' };
}

/** Store paths of an image that are taken from its history; real images have a few thousand. */
const mostPaths = 20_000;

const storePath = new RegExp(`/[^' ]*/${storeHash}-[0-9A-Za-z+._?=-]{1,211}`, 'g');

/**
 * The contents of each of `count` layers by the history of the config; none if the history has another number of
 * layers. streamLayeredImage, and so buildLayeredImage, and our own images of packages list the store paths of each
 * layer there. OCI image-spec, config.md.
 */
export function contentsInHistory({ json }: ImageConfig, count: number): readonly LayerContents[] {
  const entries = (Array.isArray(json.history) ? json.history : []).filter(isObject);
  const ofLayers = entries.filter(({ empty_layer: isEmpty }) => isEmpty !== true);
  if (ofLayers.length !== count) return [];
  let left = mostPaths;
  return ofLayers.map(({ comment, created_by: createdBy }) => {
    const said = String(comment || createdBy || '');
    const list = /^store paths: \[(.*)\]$/s.exec(said)?.[1];
    const paths = (list?.match(storePath) ?? []).slice(0, left);
    left -= paths.length;
    return paths.length > 0 ? contentsOf(paths) : { paths: [], history: list?.replaceAll("'", '') ?? said };
  });
}
