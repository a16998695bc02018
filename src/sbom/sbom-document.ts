import type { SbomSubject } from './inventory.ts';

/** The formats of a bill of materials. */
export const sbomFormats = ['cyclonedx', 'spdx'] as const;
export type SbomFormat = (typeof sbomFormats)[number];

/** The JSON of a bill of materials; loads what writes its format. */
export async function sbomOf(format: SbomFormat, subject: SbomSubject): Promise<string> {
  if (format === 'spdx') return (await import('./spdx.ts')).spdx(subject);
  return (await import('./cyclonedx.ts')).cycloneDx(subject);
}
