import { configOf } from '../../src/oci/config.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { withFacts } from '../../src/oci/layer-facts.ts';
import type { Result } from '../../src/results/result-entry.ts';

export const key = `nix-image-result-2-${'0'.repeat(12)}-${'0'.repeat(64)}`;
const diffId = digestOf('tar');
const facts = { diffId, identity: 'stream1:x', compression: 'gzip-1-r4' };

/** A result with everything that one may have. */
export const sample: Result = {
  time: '2026-01-31T12:00:00Z',
  run: 'https://github.com/acme/app/actions/runs/1',
  nixVersion: '2.34.7',
  images: [
    [
      {
        drvPath: '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-app.drv',
        config: configOf({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [diffId] } }),
        annotations: { a: 'b' },
        base: { name: 'docker.io/library/alpine:3', digest: digestOf('base') },
        findings: [{ rule: 'no-tmp', platform: 'linux/amd64', facts: ['the image has no /tmp'], others: 2 }],
        meta: { description: 'An app', license: null, homepage: null, version: '1' },
        layers: [
          {
            descriptor: withFacts(
              { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digestOf('blob'), size: 4 },
              facts,
            ),
            contents: { paths: [{ path: '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-app', narSize: 9 }], history: '' },
          },
        ],
      },
    ],
  ],
};
