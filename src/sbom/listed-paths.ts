import { isObject, type Json } from '../lib/json-object.ts';
import { isStorePath } from '../store-path.ts';
import type { SbomFormat } from './sbom-document.ts';
import { rewrittenNote } from './spdx-header.ts';

/** What a bill of materials lists. */
export interface ListedPaths {
  readonly paths: readonly string[];
  /** Those whose files may be outside the store. */
  readonly rewritten: readonly string[];
  /** diffIDs of the layers of the base, whose contents it does not list. */
  readonly base: readonly string[];
}

/** The store paths that a document of `cycloneDx` or `spdx` lists; none of a document by anyone else. */
export function listedPaths(format: SbomFormat, document: Json): ListedPaths {
  return format === 'spdx' ? listedInSpdx(document) : listedInCycloneDx(document);
}

function listedInCycloneDx({ components }: Json): ListedPaths {
  const listed = objectsIn(components);
  const base = listed.find(component => component['bom-ref'] === 'base');
  return {
    paths: pathsOf(listed),
    rewritten: pathsOf(listed.filter(component => valuesOf(component, 'nix:rewritten').includes('true'))),
    base: base === undefined ? [] : valuesOf(base, 'oci:diff_id'),
  };
}

function pathsOf(components: readonly Json[]): string[] {
  return components.flatMap(component => valuesOf(component, 'nix:store_path')).filter(path => isStorePath(path));
}

function valuesOf({ properties }: Json, wanted: string): string[] {
  return objectsIn(properties).flatMap(({ name, value }) =>
    name === wanted && typeof value === 'string' ? [value] : [],
  );
}

function listedInSpdx({ packages }: Json): ListedPaths {
  const listed = objectsIn(packages);
  const base = listed.find(({ SPDXID: id }) => id === 'SPDXRef-base');
  const isRewritten = ({ comment }: Json) => String(comment).split('\n').includes(rewrittenNote);
  const filesOf = (some: readonly Json[]) =>
    some.map(({ packageFileName: file }) => file).filter(file => isStorePath(file));
  return {
    paths: filesOf(listed),
    rewritten: filesOf(listed.filter(isRewritten)),
    base: typeof base?.comment === 'string' ? base.comment.split(' ').filter(Boolean) : [],
  };
}

function objectsIn(list: unknown): Json[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
