import { sbomFormats } from '../sbom/sbom-document.ts';
import type { Command } from './command.ts';
import { inputFlagsOf } from './input-flags.ts';

/** `nix-image sbom` */
export const sbom: Command = {
  name: 'sbom',
  topic: 'Understand',
  summary: 'Print the SBOM (bill of materials) of an image',
  examples: [
    ['The image of a flake, with all that Nix knows', 'nix-image sbom .#image > image.cdx.json'],
    ['In SPDX', 'nix-image sbom ./result --format spdx'],
    ['The one that is attached to an image in a registry', 'nix-image sbom ghcr.io/acme/app:1'],
  ],
  parameters: [
    { name: 'IMAGE', description: 'Installable (with `#`), path (`./…`, `/…`) of what Nix built, or reference' },
  ],
  flags: [
    {
      name: 'format',
      kind: 'text',
      group: 'Supply chain',
      description: `Format of the document: ${sbomFormats.map(format => `\`${format}\``).join(' or ')}`,
      default: 'cyclonedx',
    },
    ...inputFlagsOf('Nix', 'build-args', 'impure', 'image-name', 'platform', 'username', 'insecure-registries'),
  ],
  load: async () => (await import('./run-sbom.ts')).runSbom,
};
