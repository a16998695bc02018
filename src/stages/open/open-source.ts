import type { Split } from '../../image/layering/split-paths.ts';
import { withNixDatabase } from '../../image/nix-database/with-nix-database.ts';
import { type OpenedImage, openImage } from '../../image/open-image.ts';
import { openMissingPackage } from '../../image/package/open-missing-package.ts';
import { openPackageImage } from '../../image/package/package-image.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { Failure } from '../../lib/failure.ts';
import { formatSize } from '../../lib/format-size.ts';
import { inBackground } from '../../lib/pool.ts';
import { type PathInfo, readClosure, readNarHashes } from '../../nix/closure.ts';
import { hostArchitecture, imageArchitecture } from '../../nix/system.ts';
import type { NixProgram } from '../../nix/toolchain.ts';
import { platformOf } from '../../oci/config.ts';
import type { Image, Layer } from '../../oci/image.ts';
import { closestTo } from '../../oci/platform.ts';
import { reuseLayer } from '../../pack/reuse-layer.ts';
import type { Log, Runtime } from '../../runtime.ts';
import { prebuiltImage } from '../build/build-images.ts';
import type { BuiltImage, BuiltImages, PassedOn } from '../build/built-images.ts';
import { NeedsStorePaths } from '../build/pass-on.ts';
import type { Publication, ReadyImage } from '../publish/publication.ts';
import type { StageContext } from '../stage-context.ts';
import { labelImage } from './label-image.ts';
import { nameLayers } from './name-layers.ts';
import { openBase } from './open-base.ts';

interface ForImage extends StageContext {
  readonly inputs: Inputs;
}

/** What was built, opened as an image without labels of this run. */
export interface OpenedSource {
  readonly image: Image;
  /** Whether it has times of this run, so that every run makes another image. */
  readonly usesClock: boolean;
  /** For people: `docker-archive (gzip)`. */
  readonly shape: string;
  /** Path, shape, platform and layers, for the log. */
  readonly description: string;
  /** See `LabelledImage`. */
  readonly split: Split | undefined;
  /** Opens it once more, and nothing that was made for the first time is used. */
  readonly openAgain: () => Promise<OpenedSource>;
}

/** Opens an image given by `path`; undefined if the image has to be built. */
export function openPrebuilt(
  images: readonly [Inputs, ...Inputs[]],
  context: StageContext,
): Promise<OpenedSource[][]> | undefined {
  const imported = prebuiltImage(images[0], context.runtime);
  return imported && inBackground(openSources(images, { images: [[imported]] }, context));
}

/** Opens what was built for each image and each of its platforms. */
export async function openSources(
  images: readonly Inputs[],
  built: Pick<BuiltImages, 'images'>,
  { runtime, access }: StageContext,
): Promise<OpenedSource[][]> {
  const sources: OpenedSource[][] = [];
  for (const [i, inputs] of images.entries()) {
    const platforms: OpenedSource[] = [];
    for (const one of built.images[i] ?? []) platforms.push(await openSource(one, { inputs, runtime, access }));
    sources.push(platforms);
  }
  return sources;
}

interface Labelling {
  readonly built: BuiltImages;
  /** Derivations that were built again, with the same files. */
  readonly rebuilt: readonly string[] | undefined;
  readonly runtime: Runtime;
}

/** Labels the image of each platform with the metadata of its publication. */
export function labelSources(
  publications: readonly Publication[],
  sources: readonly (readonly OpenedSource[])[],
  { built: { images, confirmed, nixVersion }, rebuilt, runtime }: Labelling,
): ReadyImage[] {
  return publications.map((publication, i) => {
    const { inputs, metadata } = publication;
    const platforms = (sources[i] ?? []).map(({ image, description, split, openAgain }, j) => {
      runtime.log.info(description);
      const built = images[i]?.[j] as BuiltImage;
      const meta = built.facts;
      const labelled = labelImage(image, metadata, { inputs, meta, runtime });
      const quiet = { ...runtime, log: { ...runtime.log, info: runtime.log.debug } };
      const labelAgain = async () => labelImage((await openAgain()).image, metadata, { inputs, meta, runtime: quiet });
      const isListed = inputs.sbom.formats.length > 0;
      // Loaded on demand: the library of package URLs takes 11 ms to start.
      const from = { built, source: inputs.builds[j]?.source, inputs, runtime };
      const readInventory = async () => (await import('../sbom/read-inventory.ts')).readInventory(image, from);
      return {
        ...labelled,
        split,
        readInventory: isListed ? readInventory : undefined,
        openAgain: inputs.checkReproducible ? labelAgain : undefined,
      };
    });
    const derivations = (images[i] ?? []).flatMap(({ drvPath }) => drvPath ?? []);
    return { ...publication, platforms, confirmed, built: { nixVersion, derivations, rebuilt, reused: undefined } };
  });
}

/** Opens a build result of any shape, and checks that it is for the wanted platform. */
async function openSource(built: BuiltImage, context: ForImage): Promise<OpenedSource> {
  const { inputs, runtime } = context;
  const { path, nix, platform: wanted, passedOn } = built;
  const { log } = runtime;
  const closure = passedOn && (await wholeClosure(passedOn, built));
  const {
    image: opened,
    shape,
    usesClock = false,
  } = closure === undefined
    ? await openBuilt(built, context)
    : { image: await openPackage(path, closure, { built, ...context }), shape: 'package' };
  const whole = inputs.nixDb ? await register(opened, { path, shape, nix }) : opened;
  const image = await nameLayers(whole, nix, closure);
  if (passedOn !== undefined) expectKnown(image, passedOn, log);
  const platform = platformOf(image.config);
  if (shape !== 'package') refusePackageInputs(inputs, shape);
  const isStable = inputs.layering === 'stable' || (shape === 'package' && inputs.layering === undefined);
  const split = isStable || nix === undefined ? undefined : splitFor(inputs, path, nix);
  const description = `${path}: ${shape}, ${platform}, ${image.layers.length} layers`;
  if (wanted === undefined) noticeForeign(platform, log);
  if (wanted === undefined || closestTo(wanted, [platform], one => one).length > 0)
    return { image, usesClock, shape, description, split, openAgain: () => openSource(built, context) };
  throw new Failure(`Cannot use the image ${path} for ${wanted}: it is for ${platform}. Build it for that platform.`);
}

/** Opens a build result that is on this machine. */
function openBuilt(built: BuiltImage, context: ForImage): Promise<OpenedImage> {
  const { inputs, runtime } = context;
  const { path, nix, platform: wanted } = built;
  const { log, env, temporary } = runtime;
  return openImage({
    ...(inputs.imageName === undefined ? {} : { imageName: inputs.imageName }),
    ...(wanted === undefined ? {} : { platform: wanted }),
    path,
    directory: temporary,
    env,
    log,
    now: runtime.now(),
    native: inputs.native,
    ...(nix === undefined ? {} : { narHashes: paths => hashesIfKnown(paths, nix, log) }),
    split: inputs.layering === 'stable' ? splitFor(inputs, path, nix) : undefined,
    ...(nix === undefined
      ? {}
      : {
          openPackage: async storePath => {
            const closure = await readClosure(nix, [storePath, ...built.contents]);
            return openPackage(storePath, closure, { built, ...context });
          },
        }),
  });
}

/** The closure of a package that was not downloaded, and of the contents, which were. */
async function wholeClosure({ substitutes }: PassedOn, { contents, nix }: BuiltImage) {
  const ofContents = contents.length === 0 || nix === undefined ? [] : await readClosure(nix, contents);
  return new Map([...ofContents, ...substitutes.closure]);
}

/** Each path that is fetched for a layer takes a program; if most are needed, Nix fetches all of them faster. */
function expectKnown(image: Image, { substitutes, reuse }: PassedOn, log: Log): void {
  const missing = (layers: readonly Layer[]) =>
    layers.flatMap(({ storePaths = [] }) => storePaths.filter(substitutes.isMissing));
  const needed = missing(image.layers.filter(layer => reuseLayer(layer, reuse) === undefined));
  const all = missing(image.layers);
  const sizeOf = (paths: readonly string[]) =>
    formatSize(paths.reduce((sum, path) => sum + (substitutes.closure.get(path)?.narSize ?? 0), 0));
  const count = `${needed.length} of ${all.length} store paths (${sizeOf(needed)} of ${sizeOf(all)})`;
  if (2 * needed.length > all.length) throw new NeedsStorePaths(`New layers need ${count}.`);
  log.info(`New layers need ${count}. The others are not downloaded, since a registry has their layers.`);
}

/** `nix-db`: adds a layer with the database of Nix. */
function register(
  image: Image,
  { path, shape, nix }: { readonly path: string; readonly shape: string; readonly nix: NixProgram | undefined },
): Promise<Image> {
  const description = `${path} (${shape})`;
  const readRegistered = async (paths: readonly string[]) => {
    if (nix !== undefined) return readClosure(nix, paths);
    throw new Failure(
      `Cannot use nix-db for ${description}: without Nix, its store paths are unknown. Install Nix, or remove nix-db.`,
    );
  };
  return withNixDatabase(image, { description, readClosure: readRegistered });
}

/** Without `platform`, an image for another platform than this machine's is probably a mistake. */
function noticeForeign(platform: string, log: Log): void {
  const own = `linux/${hostArchitecture}`;
  if (closestTo(own, [platform], one => one).length > 0) return;
  log.notice(
    `The image is for ${platform}, but this machine is ${own}. If that is intended, set platform: ${platform}.`,
  );
}

/**
 * In a store that was mounted or copied by hand, Nix does not know all paths. Their layers must be built to be
 * identified.
 */
async function hashesIfKnown(
  paths: readonly string[],
  nix: NixProgram,
  log: Runtime['log'],
): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    return await readNarHashes(nix, paths);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.info(`Nix does not know all store paths of the image, so this run builds every layer: ${error.message}`);
    return undefined;
  }
}

/** `layering: stable` distributes the store paths of an image over layers by what Nix knows of them. */
function splitFor({ maxLayers, nixDb }: Inputs, image: string, nix: NixProgram | undefined): Split {
  return {
    maxLayers,
    layersAbove: nixDb ? 1 : 0,
    async readClosure(paths) {
      const start = `Cannot use layering: stable for ${image}: Nix has to know the references of its store paths`;
      const advice = 'Build the image in this step, or remove layering to keep its layers.';
      if (nix === undefined) throw new Failure(`${start}, and there is no Nix. ${advice}`);
      try {
        return await readClosure(nix, paths);
      } catch (cause) {
        if (!(cause instanceof Failure)) throw cause;
        throw new Failure(`${start}. ${cause.message}\n${advice}`, { cause });
      }
    },
  };
}

/** Makes an image of a package from what Nix knows about it. */
async function openPackage(
  path: string,
  closure: ReadonlyMap<string, PathInfo>,
  { built, ...context }: ForImage & { readonly built: BuiltImage },
): Promise<Image> {
  const { facts, contents, passedOn } = built;
  const { user, layering, maxLayers, nixDb, config = {} } = context.inputs;
  const architecture = facts?.system ? imageArchitecture(facts.system) : hostArchitecture;
  const base = await openBase(context.inputs, `linux/${architecture}`, context);
  const options = {
    path,
    contents,
    closure,
    mainProgram: facts?.mainProgram,
    config,
    user,
    layering,
    maxLayers,
    layersAbove: nixDb ? 1 : 0,
    architecture,
    base: base?.image,
  };
  const image =
    passedOn === undefined ? openPackageImage(options) : await openMissingPackage(options, passedOn.substitutes);
  if (image === undefined) throw new NeedsStorePaths(`${path} may be an image, which has to be read.`);
  return base?.named === undefined ? image : { ...image, base: base.named };
}

/** Inputs that shape the image of a package have no effect on an existing image. */
function refusePackageInputs(inputs: Inputs, shape: string): void {
  const imported = Object.entries({
    config: inputs.config !== undefined,
    contents: inputs.contents.length > 0,
    user: inputs.user !== undefined,
    base: inputs.base !== undefined,
    'layering: popularity': inputs.layering === 'popularity',
    'max-layers': inputs.maxLayers !== undefined && inputs.layering !== 'stable',
  }).filter(([, isGiven]) => isGiven);
  if (imported.length === 0) return;
  const names = imported.map(([name]) => name).join(', ');
  throw new Failure(
    `Cannot use ${names}: these inputs apply to packages, but Nix built an image (${shape}). Remove them.`,
  );
}
