import type { Inputs } from '../../inputs/inputs.ts';
import { createdOf, platformOf } from '../../oci/config.ts';
import { withBlobsKept } from '../../oci/image.ts';
import { formatRepository, type Repository } from '../../oci/reference.ts';
import { remoteImageOf } from '../../registry/read/remote-image.ts';
import type { StoredImage } from '../../registry/read/stored-image.ts';
import type { SbomSubject } from '../../sbom/inventory.ts';
import { storePathName } from '../../store-path.ts';
import { buildImages } from '../build/build-images.ts';
import { inspectLayers } from '../open/inspect-image.ts';
import { openSources } from '../open/open-source.ts';
import type { StageContext } from '../stage-context.ts';
import { imagePathsOf } from './read-image-paths.ts';
import { bareInventory, readInventory } from './read-inventory.ts';

/** Whether a text names an output of a flake; a reference has no `#`. */
export function isInstallable(name: string): boolean {
  return name === '.' || name.includes('#');
}

/** Describes an image by what Nix knows: an installable (with `#`), which is built, or a path (`./…`, `/…`) to one. */
export async function describeBuild(name: string, inputs: Inputs, context: StageContext): Promise<SbomSubject> {
  const source = isInstallable(name)
    ? ({ kind: 'installable', installable: name } as const)
    : ({ kind: 'path', path: name } as const);
  const own: Inputs = { ...inputs, builds: [{ source }] };
  const built = await buildImages([own], context.runtime);
  const [[one] = []] = built.images;
  const [[opened] = []] = await openSources([own], built, context);
  if (one === undefined || opened === undefined) throw new TypeError('One installable is one source.');
  const { image } = opened;
  return {
    // Not as the user named it: the same image has the same document on every machine.
    name: storePathName(one.path).replace(/^.*\//, ''),
    platform: platformOf(image.config),
    created: createdOf(image.config),
    inventory: await readInventory(image, { built: one, source, inputs: own, runtime: context.runtime }),
  };
}

/**
 * Describes an image in a registry by its layers alone: this machine's Nix may know other facts about a path than the
 * Nix that built the image.
 */
export async function describeStored(
  image: StoredImage,
  repository: Repository,
  context: StageContext,
): Promise<SbomSubject> {
  const { config, layers } = await inspectLayers(withBlobsKept(remoteImageOf(image)), context);
  const ofLayers = layers.map(({ contents, otherBytes, diffId }) => ({
    paths: contents.paths.map(({ path }) => path),
    hasOthers: otherBytes > 0,
    diffId,
  }));
  return {
    name: formatRepository(repository),
    repository,
    digest: image.manifest.descriptor.digest,
    platform: image.platform,
    created: createdOf(config),
    inventory: bareInventory(imagePathsOf(ofLayers)),
  };
}
