import { type ImportedMetadata, parseMetadataJson } from './imported-metadata.ts';

/** Source of docker/metadata-action's results: JSON, the environment, or its bake files. */
export type MetadataSource =
  | { readonly kind: 'json'; readonly metadata: ImportedMetadata }
  | { readonly kind: 'env' }
  | { readonly kind: 'files'; readonly paths: readonly string[] };

/**
 * Reads the input `metadata`: JSON, `env`, or paths of bake files, one per line, with bake's optional prefix `cwd://`.
 */
export function parseMetadataSource(text: string): MetadataSource {
  const trimmed = text.trim();
  if (trimmed === 'env') return { kind: 'env' };
  if (trimmed.startsWith('{')) return { kind: 'json', metadata: parseMetadataJson(trimmed, 'the input metadata') };
  const paths = trimmed.split(/\r?\n/).map(line => line.trim().replace(/^cwd:\/\//, ''));
  return { kind: 'files', paths: paths.filter(path => path !== '') };
}
