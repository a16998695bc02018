import type { Host } from '../host.ts';
import type { Inputs } from '../inputs.ts';
import { settleAll } from '../lib/pool.ts';
import type { Access } from '../registry/client.ts';
import { openDestination } from '../registry/destination.ts';
import { describeRun } from './describe-run.ts';
import { baseImageName } from './open-base.ts';
import type { Publication } from './publish-images.ts';

/** What is to be said of each image, and the places that it is pushed to: whether that is allowed shows now. */
export async function openPublications(
  images: readonly [Inputs, ...Inputs[]],
  { host, access }: { readonly host: Host; readonly access: Access },
): Promise<Publication[]> {
  const all = await host.log.group('Metadata', () => describeRun(images, host));
  const described = all.flatMap((metadata, i) => images.slice(i, i + 1).map(inputs => ({ inputs, metadata })));
  const isPushed = ({ inputs }: Omit<Publication, 'destination'>) => inputs.push || inputs.dryRun;
  const bases = images.flatMap(({ base }) => (base === undefined ? [] : (baseImageName(base) ?? [])));
  const mountFrom = [...described.filter(isPushed).flatMap(({ metadata }) => metadata.references), ...bases];
  return settleAll(
    described.map(async one => {
      const { inputs, metadata } = one;
      const references = isPushed(one) ? metadata.references : [];
      return { ...one, destination: await openDestination({ ...inputs, references, mountFrom }, access) };
    }),
  );
}
