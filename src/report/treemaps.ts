import type { ExplainedPath } from '../inspect/explain-closure.ts';
import { pathSizes } from '../inspect/path-sizes.ts';
import { formatSize } from '../lib/format-size.ts';
import type { TreemapNode } from '../page/treemap.ts';
import { storePathName } from '../store-path.ts';
import type { Difference } from './difference.ts';
import { describeChange } from './difference.ts';
import type { Explanation } from './explanation.ts';
import type { Inspection } from './inspection.ts';
import { nameLayer } from './name-layer.ts';

/** Layers, and in each its store paths and other files, by unpacked size. */
export function inspectionMap({ image }: Inspection): TreemapNode {
  const parts = image.layers.map(layer => ({
    name: nameLayer(layer),
    details: `layer ${layer.descriptor.digest}, ${formatSize(layer.descriptor.size)} compressed`,
    size: 0,
    parts: [
      ...[...pathSizes({ layers: [layer] })].map(([path, size]) => leaf(storePathName(path), path, size)),
      ...(layer.otherBytes === 0 ? [] : [leaf('other files', 'not in the store', layer.otherBytes)]),
    ],
  }));
  return group(image.name, parts);
}

/** New, changed and removed packages by size, grouped by the kind of change. */
export function differenceMap({ after, changes }: Difference): TreemapNode {
  const packages = changes.packages ?? [];
  const kinds = [...new Set(packages.map(({ kind }) => kind))];
  return group(
    after.name,
    kinds.map(kind =>
      group(
        kind,
        packages
          .filter(change => change.kind === kind)
          .map(change => leaf(describeChange(change), kind, change.size ?? 0)),
      ),
    ),
  );
}

/** The dominator tree: each store path contains the paths that are in the image only because of it. */
export function explanationMap({ name, paths }: Explanation): TreemapNode {
  const kept = new Map<string | undefined, ExplainedPath[]>();
  for (const one of paths) kept.set(one.keeper, [...(kept.get(one.keeper) ?? []), one]);
  const nodes = new Map<string, TreemapNode>();
  const partsOf = (keeper: string | undefined) => (kept.get(keeper) ?? []).flatMap(({ path }) => nodes.get(path) ?? []);
  // A path keeps more than each path that it keeps, so smallest first puts parts before their wholes.
  for (const { path, own, kept: keeps } of paths.toReversed()) {
    const parts = partsOf(path);
    const details = `${formatSize(own)} of its own, keeps ${formatSize(keeps)}`;
    const itself = parts.length === 0 ? [] : [leaf(`${storePathName(path)} itself`, path, own)];
    const size = parts.length === 0 ? own : 0;
    nodes.set(path, { name: storePathName(path), details, size, parts: [...itself, ...parts] });
  }
  return group(name, partsOf(undefined));
}

function leaf(name: string, details: string, size: number): TreemapNode {
  return { name, details, size, parts: [] };
}

function group(name: string, parts: readonly TreemapNode[]): TreemapNode {
  return { name, details: '', size: 0, parts };
}
