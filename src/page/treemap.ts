import { type HierarchyRectangularNode, hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';

/** Something with a size, or a group of such things. Texts may be hostile. */
export interface TreemapNode {
  readonly name: string;
  /** What the page says about it, besides the size. */
  readonly details: string;
  /** Its own bytes, without its parts. */
  readonly size: number;
  readonly parts: readonly TreemapNode[];
}

/** A node with its position, in fractions of the treemap, and its size with all parts. */
export interface Cell {
  readonly node: TreemapNode;
  readonly bytes: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
}

/** Smallest cell, as a fraction of the treemap; smaller ones are omitted, since nobody could see or click them. */
const smallest = 0.000_05;

/** Room for the name of a group, as a fraction of the height. */
const heading = 0.028;

/** Places nodes by size, each within its group; groups precede their parts. The treemap is twice as wide as high. */
export function layOut(root: TreemapNode): Cell[] {
  const tree = hierarchy<TreemapNode>(root, ({ parts }) => parts)
    .sum(({ size }) => size)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0) || (a.data.name < b.data.name ? -1 : 1));
  const placed = treemap<TreemapNode>()
    .tile(treemapSquarify)
    .size([2, 1])
    .paddingInner(0.002)
    .paddingOuter(0.002)
    .paddingTop(({ children, depth }) => (children === undefined ? 0 : depth === 0 ? 0 : heading))(tree);
  const whole = placed.value ?? 0;
  return placed
    .descendants()
    .filter(({ value = 0, depth }) => depth > 0 && value > whole * smallest)
    .map(cellOf);
}

function cellOf({ data, value = 0, x0, x1, y0, y1, depth }: HierarchyRectangularNode<TreemapNode>): Cell {
  return { node: data, bytes: value, x: x0 / 2, y: y0, width: (x1 - x0) / 2, height: y1 - y0, depth };
}
