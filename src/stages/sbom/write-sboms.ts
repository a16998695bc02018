import { printable } from '../../lib/printable.ts';
import { writeText } from '../../local/write-text.ts';
import { createdOf, platformOf } from '../../oci/config.ts';
import { formatRepository } from '../../oci/reference.ts';
import type { PackedImage } from '../../pack/pack-image.ts';
import type { Runtime } from '../../runtime.ts';
import { describeGaps } from '../../sbom/inventory.ts';
import { sbomOf } from '../../sbom/sbom-document.ts';
import type { ReadyImage, SbomOfImage } from '../publish/publication.ts';

/**
 * Makes the bills of materials of an image, one per platform and format, and writes them to files if `sbom-file` is
 * set. Those of an image that is promoted are made anew for the new digest.
 */
export async function writeSboms(
  { inputs: { sbom, name }, platforms, destination }: ReadyImage,
  packed: readonly PackedImage[],
  { log, resolve }: Runtime,
): Promise<readonly SbomOfImage[]> {
  const documents: SbomOfImage[] = [];
  const [repository] = destination.repositories;
  for (const [i, { manifest, config }] of packed.entries()) {
    const { readInventory, carried = [] } = platforms[i] ?? {};
    const image = {
      name: repository === undefined ? (name ?? 'image') : formatRepository(repository),
      repository,
      digest: manifest.descriptor.digest,
      platform: platformOf(config),
      created: createdOf(config),
    };
    for (const { format, read } of carried) {
      const { withSubject } = await import('../../sbom/with-subject.ts');
      documents.push({ format, text: withSubject(format, await read(), image), subject: manifest.descriptor });
    }
    const inventory = await readInventory?.();
    if (inventory === undefined) continue;
    for (const gap of describeGaps(inventory)) log.info(`SBOM: ${printable(gap)}`);
    const subject = { ...image, inventory };
    for (const format of sbom.formats) {
      const text = await sbomOf(format, subject);
      documents.push({ format, text, subject: manifest.descriptor });
      if (sbom.file === undefined) continue;
      const file = resolve(fileName(sbom.file, { format, platform: subject.platform }));
      await writeText(file, text, 'sbom-file');
      log.info(`Wrote ${format} with ${inventory.paths.length} store paths to ${file}`);
    }
  }
  return documents;
}

function fileName(
  pattern: string,
  { format, platform }: { readonly format: string; readonly platform: string },
): string {
  return pattern.replaceAll('{{format}}', format).replaceAll('{{platform}}', platform.replaceAll('/', '-'));
}
