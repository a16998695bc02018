import { openImage } from '../../image/open-image.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import type { Image, NamedImage } from '../../oci/image.ts';
import { formatReference, formatRepository, parseReference } from '../../oci/reference.ts';
import { openClient, type RegistryAccess } from '../../registry/access/client.ts';
import { openRemoteImage } from '../../registry/read/remote-image.ts';
import type { Runtime } from '../../runtime.ts';
import { baseImageName } from './base-image-name.ts';

/** The base image of a package. */
interface Base {
  readonly image: Image;
  /** The base in its registry. */
  readonly named?: NamedImage;
}

/** Opens the base image of a package; undefined without `base`. `platform` is `os/architecture`. */
export async function openBase(
  { base, imageName }: Inputs,
  platform: string,
  { runtime, access }: { readonly runtime: Runtime; readonly access: RegistryAccess },
): Promise<Base | undefined> {
  if (base === undefined) return undefined;
  const remote = baseImageName(base);
  if (remote !== undefined) {
    const client = await openClient(remote, { ...access, actions: 'pull', mountSources: [] });
    const image = await openRemoteImage(client, remote.name, platform);
    return { image, named: { name: fullNameOf(base), digest: image.digest } };
  }
  const { env, log, temporary: directory } = runtime;
  const location = {
    path: runtime.resolve(base),
    directory,
    env,
    log,
    now: runtime.now(),
    native: 'off' as const,
    platform,
  };
  const { image } = await openImage({ ...location, ...(imageName === undefined ? {} : { imageName }) });
  return { image };
}

/** With its host, and with the tag if it has one; OCI image-spec, annotations.md. */
function fullNameOf(base: string): string {
  const [name = '', digest] = base.split('@');
  const reference = parseReference(name);
  const isTagged = name.lastIndexOf(':') > name.lastIndexOf('/');
  return digest === undefined || isTagged ? formatReference(reference) : `${formatRepository(reference)}@${digest}`;
}
