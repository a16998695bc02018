import { type Origin, readOrigin } from '../../attest/read-provenance.ts';
import type { InputName } from '../../inputs/input-table.ts';
import type { Inputs, PlatformBuild } from '../../inputs/inputs.ts';
import { isPath } from '../../inputs/is-path.ts';
import { parseInputs } from '../../inputs/parse-inputs.ts';
import { compareConfigs } from '../../inspect/compare-configs.ts';
import { Failure } from '../../lib/failure.ts';
import { settleAll } from '../../lib/pool.ts';
import { oneLine } from '../../lib/printable.ts';
import { diffIdsOf, platformOf } from '../../oci/config.ts';
import type { Digest } from '../../oci/digest.ts';
import type { Image, Layer } from '../../oci/image.ts';
import { closestTo } from '../../oci/platform.ts';
import { parseImageName } from '../../oci/reference.ts';
import { createMeter, drain } from '../../pack/meter.ts';
import { openTar } from '../../pack/pack-layer.ts';
import { openClient } from '../../registry/access/client.ts';
import { remoteImageOf } from '../../registry/read/remote-image.ts';
import { readStored } from '../../registry/read/stored-image.ts';
import type { VerifyResult } from '../../report/result.ts';
import type { Runtime } from '../../runtime.ts';
import { buildImages } from '../build/build-images.ts';
import { baseImageName } from '../open/open-base.ts';
import { openSources } from '../open/open-source.ts';
import type { StageContext } from '../stage-context.ts';
import { checkOut } from './check-out.ts';
import { layerDifferences } from './layer-differences.ts';
import { rebuildImages } from './rebuild-images.ts';

/**
 * The inputs of the step that are used again. Others do not change layers or config; how Nix is set up is the business of
 * this machine and not of whoever signed.
 */
const shaping = [
  ...(['installable', 'file', 'attr', 'native', 'prefer-stream', 'image-name', 'config', 'contents', 'user'] as const),
  ...(['base', 'layering', 'max-layers', 'nix-db'] as const),
] satisfies readonly InputName[];

/**
 * Inputs without a build, with which it cannot be repeated from the checkout alone, or with which it would change the settings
 * of this machine.
 */
const refused = ['path', 'from', 'sources', 'build-args', 'impure'] as const satisfies readonly InputName[];

/**
 * `require: rebuild`: builds a verified image again from what its provenance names, and compares layers and config, except
 * labels and creation time. A Failure that lists what differs. The provenance must come from the required signer.
 */
export async function rebuildVerified(
  verified: VerifyResult,
  inputs: Inputs,
  { runtime, access }: StageContext,
): Promise<VerifyResult> {
  if (verified.provenance === undefined) throw new TypeError('rebuild requires provenance.');
  const origin = readOrigin(verified.provenance);
  const own = inputsOf(origin, inputs);
  const { name: tag, ...repository } = parseImageName(verified.name);
  const client = await openClient(repository, { ...access, actions: 'pull', mountSources: [] });
  const stored = (await readStored(client, tag, inputs.platforms[0])).images;
  const directory = await checkOut(origin, runtime);
  const inCheckout: Runtime = {
    ...runtime,
    directory,
    resolve: path => (path.startsWith('/') ? path : `${directory}/${path}`),
  };
  const built = await buildImages([own], inCheckout);
  await rebuildImages([own], built, inCheckout);
  return runtime.log.group('Compare', async () => {
    const sources = (await openSources([own], built, { runtime: inCheckout, access })).flat();
    const found: string[] = [];
    for (const image of stored) {
      const [source] = closestTo(image.platform, sources, one => platformOf(one.image.config));
      if (source === undefined) {
        throw new Failure(
          `Cannot build ${verified.name} for ${image.platform} again: the build is for other platforms. Choose one with platform.`,
        );
      }
      const lines = await compare(remoteImageOf(image), source.image);
      if (lines.length > 0) {
        const start = `The image ${verified.name} for ${image.platform} is not what ${origin.repository} gives at ${origin.revision}:`;
        throw new Failure([start, ...lines].join('\n'));
      }
      found.push(
        `rebuild of ${image.platform}: ${image.layers.length} layers and the config are those of ${origin.repository} at ${origin.revision}`,
      );
    }
    for (const line of found) runtime.log.info(line);
    return { ...verified, verified: [...verified.verified, ...found] };
  });
}

/** The inputs of the build, with the settings for Nix and registries of this run. */
function inputsOf({ inputs: given, name, base: digest }: Origin, inputs: Inputs): Inputs {
  const found = refused.filter(one => given[one] !== undefined && given[one] !== 'false');
  if (found.length > 0) {
    throw new Failure(`Cannot build the image again: it was made with ${found.join(' and ')}, see its provenance.`);
  }
  const texts: { readonly [name in InputName]?: string } = {
    ...Object.fromEntries(shaping.map(one => [one, given[one] ?? ''])),
    mode: 'build',
    cache: 'false',
    'check-reproducible': 'true',
  };
  const { builds, base, ...own } = parseInputs(one => texts[one] ?? '', name);
  const sources = own.contents.map(installable => ({ kind: 'installable', installable }) as const);
  for (const source of [...builds.map(one => one.source), ...sources]) expectInCheckout(source);
  if (base !== undefined && isPath(base) && !isBelow(base)) throw elsewhere(base);
  const { nix, githubToken, insecureRegistries, platforms } = inputs;
  const wanted = builds.filter(
    ({ platform }) => platforms.length === 0 || platform === undefined || platforms.includes(platform),
  );
  return {
    ...own,
    ...(base === undefined ? {} : { base: pinnedBase(base, digest) }),
    ...(githubToken === undefined ? {} : { githubToken }),
    builds: wanted,
    nix,
    insecureRegistries,
  };
}

/** The commit says what is in the checkout; nothing says what another flake was. */
function expectInCheckout(source: PlatformBuild['source']): void {
  if (source.kind === 'file' && isBelow(source.file)) return;
  const [flake = ''] = source.kind === 'installable' ? source.installable.split('#') : [];
  if (source.kind === 'installable' && isBelow(flake) && flakeInCheckout.test(flake)) return;
  throw elsewhere(
    source.kind === 'installable' ? source.installable : source.kind === 'file' ? source.file : source.path,
  );
}

/** Empty, `.`, `./sub`, `.?dir=sub`; a name alone would be one of the registry of flakes. */
const flakeInCheckout = /^(?:\.(?:\/[^?#]*)?)?(?:\?(?:(?:dir|submodules|lfs)=[^&#]*&?)*)?$/;

function isBelow(path: string): boolean {
  return !path.startsWith('/') && !path.split(/[/=]/).includes('..');
}

function elsewhere(name: string): Failure {
  return new Failure(
    `Cannot build the image again: it was built from ${oneLine(name, 200)}, which is not a path in the checkout, so its provenance does not say what that was.`,
  );
}

/** The base by the digest that it had; an archive or layout is in the checkout. */
function pinnedBase(base: string, digest: string | undefined): string {
  if (baseImageName(base) === undefined) return base;
  if (digest !== undefined) return `${base.split('@')[0]?.replace(/:[^/:]*$/, '')}@${digest}`;
  throw new Failure(
    `Cannot build the image again: its provenance does not name the digest of its base ${oneLine(base)}.`,
  );
}

/** What differs between an image and its second build. */
async function compare(first: Image, second: Image): Promise<string[]> {
  const ofConfig = compareConfigs(first.config, second.config)
    // The step adds these to what was built.
    .filter(({ field }) => field !== 'created' && !field.startsWith('label '))
    .map(({ field, before, after }) => oneLine(`config, ${field}: ${before ?? 'nothing'} and ${after ?? 'nothing'}`));
  const before = diffIdsOf(first.config) ?? [];
  const after = await settleAll(second.layers.map(readDiffId));
  if (before.length !== after.length) return [...ofConfig, `${before.length} layers and ${after.length}`];
  const different = before.flatMap((diffId, i) => {
    if (diffId === after[i]) return [];
    const [one, other] = [first.layers[i] as Layer, second.layers[i] as Layer];
    return [{ name: `layer ${i + 1}: ${diffId} and ${after[i]}`, first: one, second: other }];
  });
  return [...ofConfig, ...(await layerDifferences(different))];
}

async function readDiffId(layer: Layer): Promise<Digest> {
  if (layer.remote?.facts.diffId !== undefined) return layer.remote.facts.diffId;
  const meter = createMeter();
  await drain(meter.through(openTar(layer)));
  return meter.digest();
}
