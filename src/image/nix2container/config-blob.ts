import { stringify } from 'lossless-json';
import type { ImageJson } from './image-json.ts';

/** The text that nix2container wrote on every layer before August 2024, when its JSON had no history yet. */
const oldHistory = { created_by: 'nix2container' };

/**
 * The image config that nix2container's transport for skopeo serves, byte for byte: `GetConfigBlob` of its
 * `nix/image.go`. An image without layers is the exception, because the OCI image-spec does not allow its `rootfs`.
 */
export function configBlob({ created, arch, 'image-config': config, layers }: ImageJson): Uint8Array {
  const history = layers.map(({ History = oldHistory }) => new Map(withoutEmpty(Object.entries(History))));
  const rootfs = [
    ['type', 'layers'],
    ['diff_ids', layers.map(layer => layer.diff_ids)],
  ] as const;
  const json = new Map<string, unknown>([
    ...withoutEmpty([['created', created]]),
    ['architecture', arch],
    ['os', 'linux'],
    ['config', new Map(withoutEmpty(config))],
    ['rootfs', new Map<string, unknown>(rootfs)],
    ...withoutEmpty([['history', history]]),
  ]);
  return Buffer.from(goJson(json));
}

/** The fields of a Go struct that its tag `omitempty` keeps. */
function withoutEmpty(fields: Iterable<readonly [string, unknown]>): readonly (readonly [string, unknown])[] {
  return [...fields].filter(([, value]) => !isEmpty(value));
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  return value === undefined || value === '' || value === false;
}

/** As Go's `json.Marshal` prints it. A Map is an object in the order of its keys, even numeric ones. */
function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (value instanceof Map) return `{${[...value].map(([key, one]) => `${goJson(key)}:${goJson(one)}`).join(',')}}`;
  const json = stringify(value) ?? 'null';
  return json.replace(/[<>&\u2028\u2029]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
