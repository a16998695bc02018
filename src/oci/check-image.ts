import { Failure } from '../lib/failure.ts';
import { isObject } from '../lib/json-object.ts';
import { largestJson } from '../lib/parse-json.ts';
import { diffIdsOf, type ImageConfig } from './config.ts';

/**
 * Checks that engines can pull the image: its config has what OCI image-spec config.md requires, beyond the types of
 * fields, which `parseConfig` and `configOf` check. `diff_ids` may be missing, since packing the layers adds them.
 */
export function checkImage(image: { readonly config: ImageConfig; readonly layers: readonly unknown[] }): void {
  const { json, bytes } = image.config;
  const fail = (why: string) => new Failure(`Cannot publish the image: its config ${why}.`);
  for (const field of ['architecture', 'os']) {
    if (!json[field]) throw fail(`has no ${field}. Engines need one, such as ${field === 'os' ? 'linux' : 'amd64'}`);
  }
  const diffIds = diffIdsOf(image.config);
  if (diffIds !== undefined && diffIds.length !== image.layers.length) {
    throw fail(`lists ${diffIds.length} diff_ids, but the image has ${image.layers.length} layers`);
  }
  if (diffIds !== undefined && isObject(json.rootfs) && json.rootfs.type !== 'layers') {
    throw fail('has no rootfs.type, which must be "layers"');
  }
  if (bytes.length > largestJson) {
    throw fail(`has ${bytes.length} bytes, more than the ${largestJson} that registries and engines accept`);
  }
}
