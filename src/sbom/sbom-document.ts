import type { SbomSubject } from './inventory.ts';

/** The formats of a bill of materials. */
export const sbomFormats = ['cyclonedx', 'spdx'] as const;
export type SbomFormat = (typeof sbomFormats)[number];

/** Media type of each format, and predicate type of its in-toto statement. */
export const sbomTypes: Readonly<Record<SbomFormat, { readonly mediaType: string; readonly predicateType: string }>> = {
  cyclonedx: { mediaType: 'application/vnd.cyclonedx+json', predicateType: 'https://cyclonedx.org/bom' },
  spdx: { mediaType: 'application/spdx+json', predicateType: 'https://spdx.dev/Document' },
};

/** The JSON of a bill of materials; loads only the code of its format. */
export async function sbomOf(format: SbomFormat, subject: SbomSubject): Promise<string> {
  if (format === 'spdx') return (await import('./spdx.ts')).spdx(subject);
  return (await import('./cyclonedx.ts')).cycloneDx(subject);
}
