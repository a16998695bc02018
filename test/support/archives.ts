import { fileURLToPath } from 'node:url';
import type { Digest } from '../../src/oci/digest.ts';

/** A file of test/vectors/archives: one image of seven layers in the wrappings of nixpkgs and skopeo, and a small one. */
export const archive = (name: string) => fileURLToPath(new URL(`../vectors/archives/${name}`, import.meta.url));

/** The config digest of the image of seven layers. */
export const layeredConfig: Digest = 'sha256:399627811a061ea1dc039b043e06d0f48387fd3dc61b4e7e0195683d59f8a9d3';
