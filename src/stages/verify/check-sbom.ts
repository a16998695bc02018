import type { InspectedLayer } from '../../inspect/inspected-image.ts';
import { oneLine } from '../../lib/printable.ts';
import { withBlobsKept } from '../../oci/image.ts';
import { remoteImageOf } from '../../registry/read/remote-image.ts';
import type { StoredImage } from '../../registry/read/stored-image.ts';
import { type ListedPaths, listedPaths } from '../../sbom/listed-paths.ts';
import { sbomFormats, sbomTypes } from '../../sbom/sbom-document.ts';
import { inspectLayers } from '../open/inspect-image.ts';
import type { StageContext } from '../stage-context.ts';
import type { Check } from './check.ts';
import type { Statements } from './read-statements.ts';

/** Store paths that a fault names. */
const mostNamed = 5;

/**
 * Whether a bill of materials in the statements lists exactly the store paths of an image. Reads all layers of the
 * image if there is such a document.
 */
export async function checkSbom(
  image: StoredImage,
  { found, reasons }: Statements,
  context: StageContext,
): Promise<Check> {
  const name = `sbom of ${oneLine(image.platform, 100)}`;
  const documents = sbomFormats.flatMap(format =>
    found.flatMap(({ predicateType, predicate }) =>
      predicateType === sbomTypes[format].predicateType ? [{ format, listed: listedPaths(format, predicate) }] : [],
    ),
  );
  if (documents.length === 0) return { name, fault: ['the signer attached none', ...reasons].join('; ') };
  const { layers } = await inspectLayers(withBlobsKept(remoteImageOf(image)), context);
  const faults: string[] = [];
  for (const { format, listed } of documents) {
    const outcome = compare(listed, layers);
    if (outcome.fault === undefined) return { name, detail: `${format}, ${outcome.detail}` };
    faults.push(`${format}: ${outcome.fault}`);
  }
  return { name, fault: faults.join('; ') };
}

/** Compares what is listed with what is in the layers above the base. */
function compare(
  { paths, rewritten, base }: ListedPaths,
  layers: readonly InspectedLayer[],
): { readonly detail: string; readonly fault?: never } | { readonly fault: string } {
  if (!base.every((diffId, i) => layers[i]?.diffId === diffId)) {
    return { fault: 'its base is not the lowest layers of the image' };
  }
  const own = layers.slice(base.length);
  const there = new Set(own.flatMap(({ contents }) => contents.paths.map(({ path }) => path)));
  const listed = new Set(paths);
  const unlisted = [...there].filter(path => !listed.has(path)).sort();
  if (unlisted.length > 0) return { fault: `it does not list ${named(unlisted)}` };
  const absent = [...listed].filter(path => !there.has(path)).sort();
  const missing = absent.filter(path => !rewritten.includes(path));
  if (missing.length > 0) return { fault: `no layer has ${named(missing)}` };
  const elsewhere = absent.length === 0 ? '' : `; outside the store: the files of ${named(absent)}`;
  return { detail: `${there.size} store paths, all listed${elsewhere}` };
}

function named(paths: readonly string[]): string {
  const more = paths.length - mostNamed;
  return `${paths.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
