import { parse } from 'lossless-json';
import { Failure } from '../../lib/failure.ts';
import { parseJson } from '../../lib/parse-json.ts';
import { mediaTypes } from '../../oci/blob.ts';
import { type Digest, parseDigest } from '../../oci/digest.ts';
import type { Encoding } from '../../oci/image.ts';
import { isInStore } from '../../store-path.ts';
import { longestSettings } from '../stream-settings.ts';
import { imageConfig } from './image-config.ts';
import {
  count,
  formatPosition,
  list,
  nullable,
  object,
  optional,
  rejectValue,
  type Shape,
  text,
} from './json-shape.ts';

/** An item of `layers`: `paths` to make it from, or the file `layer-path` with its tar. */
export type LayerJson = ReturnType<typeof layer>;

/** The output of nix2container's `buildImage`, `types.Image` in its `types/types.go`. */
export type ImageJson = ReturnType<typeof image>;

const version: Shape<number> = (value, at) => {
  if (value === undefined) {
    throw new Failure(
      `Cannot read ${formatPosition(at)}: it is missing, so a nix2container older than release 1.0.0 (March 2023) wrote this file. ` +
        'Update nix2container and build the image again.',
    );
  }
  const number = count(value, at);
  return number === 1 ? number : rejectValue(value, at, '1, the only supported version');
};

const digest: Shape<Digest> = (value, at) => parseDigest(text(value, at), formatPosition(at));

const architecture: Shape<string> = (value, at) =>
  text(value, at) || rejectValue(value, at, 'an architecture. Pass the result of pullImage to buildImage as fromImage');

const encodings: Readonly<Record<string, Encoding>> = {
  [mediaTypes.layerTar]: 'tar',
  [mediaTypes.layerGzip]: 'gzip',
  [mediaTypes.layerZstd]: 'zstd',
};

const mediaType: Shape<{ readonly name: string; readonly encoding: Encoding }> = (value, at) => {
  const name = text(value, at);
  const encoding = Object.hasOwn(encodings, name) ? encodings[name] : undefined;
  return { name, encoding: encoding ?? rejectValue(value, at, `one of ${Object.keys(encodings).join(', ')}`) };
};

/** A store path, or a file below one. */
const pathInStore: Shape<string> = (value, at) => {
  const path = text(value, at);
  return isInStore(path, at.store) ? path : rejectValue(value, at, 'a path in the Nix store');
};

const options = object({
  rewrite: optional(object({ regex: text, repl: text }), undefined),
  perms: optional(list(object({ regex: text, mode: text, uid: count, gid: count, uname: text, gname: text })), []),
});

const history = object({
  created: optional(text, undefined),
  created_by: optional(text, ''),
  author: optional(text, ''),
  comment: optional(text, ''),
});

const layer = object({
  digest,
  size: count,
  diff_ids: digest,
  paths: optional(list(object({ path: pathInStore, options: optional(options, undefined) })), []),
  mediatype: mediaType,
  'layer-path': optional(pathInStore, undefined),
  History: optional(history, undefined),
});

const image = object({
  version,
  'image-config': imageConfig,
  layers: nullable(list(layer), []),
  arch: architecture,
  created: optional(nullable(text, undefined), undefined),
});

/** Reads an `image.json` strictly; `file` names it in errors, and all paths must be in `store`. */
export function parseImageJson(bytes: Uint8Array, file: string, store: string): ImageJson {
  return image(parseJson(bytes, file, { parse, largest: longestSettings }), { field: '', file, store });
}
