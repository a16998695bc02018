import type { Inputs } from '../../inputs/inputs.ts';
import { shapingInputs } from '../../inputs/shaping-inputs.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { refuseImpureFlake, refuseImpureSettings } from '../../nix/impure-settings.ts';
import { readLocalFlake } from '../../nix/local-flake.ts';
import { readSettings } from '../../nix/read-settings.ts';
import { withNixConfig } from '../../nix/settings.ts';
import { nixSystem } from '../../nix/system.ts';
import { readVersionToUse } from '../../nix/toolchain.ts';
import { digestOf, isDigest } from '../../oci/digest.ts';
import { openClient, type RegistryAccess } from '../../registry/access/client.ts';
import { getManifest } from '../../registry/content/manifests.ts';
import type { Decisive, FlakeSource } from '../../results/result-key.ts';
import type { Runtime } from '../../runtime.ts';
import { storeDirectoryOf } from '../../store-path.ts';
import { baseImageName } from '../open/base-image-name.ts';
import { readSignerDigest } from '../open/open-verifier.ts';
import type { StageContext } from '../stage-context.ts';

type Images = readonly [Inputs, ...Inputs[]];

/**
 * Everything that decides what these images are, without evaluating anything; undefined, with the reason in the debug
 * log, if something else may decide it, or if this cannot be told. `usedNix` is the version of the Nix in use, if it is
 * known.
 */
export async function findDecisive(
  images: Images,
  context: StageContext,
  usedNix?: string,
): Promise<Decisive | undefined> {
  try {
    return await readDecisive(images, context, usedNix);
  } catch (error) {
    context.runtime.log.debug(`The result of this build has no key: ${messageOf(error)}`);
    return undefined;
  }
}

async function readDecisive(images: Images, { runtime, access }: StageContext, usedNix?: string): Promise<Decisive> {
  const { env } = runtime;
  if (env.NIX_PATH) throw new Failure('NIX_PATH is set');
  for (const inputs of images) refuseImpure(inputs);
  const installables = images.flatMap(({ builds, contents }) => [...builds.map(installableOf), ...contents]);
  const [flakes, nixVersion, settings, shapes] = await Promise.all([
    readFlakes(new Set(installables), runtime),
    usedNix ?? readVersionToUse(images[0].nix, runtime),
    readSettings(withNixConfig(env, { nixConf: images[0].nix.nixConf })),
    Promise.all(
      images.map(async inputs => ({
        inputs: shapingInputs(inputs),
        base: await readBaseDigest(inputs, access),
        signer: await readSignerDigest(inputs, runtime),
      })),
    ),
  ]);
  refuseImpureSettings(settings);
  return {
    source: { flakes },
    nixVersion,
    system: nixSystem,
    store: storeDirectoryOf(env),
    settings,
    images: shapes,
  };
}

function refuseImpure({ impure, reuse, buildArgs }: Inputs): void {
  if (impure) throw new Failure('impure is set');
  if (reuse === 'off') throw new Failure('reuse: off makes every layer');
  const unknown = findUnknown(buildArgs);
  if (unknown !== undefined) throw new Failure(`build-args has ${unknown}, which may read more than the checkout`);
}

/** Arguments that change neither what is evaluated nor what is built. */
const harmlessArguments: ReadonlySet<string> = new Set([
  ...['-L', '--print-build-logs', '-v', '--verbose', '--quiet', '--show-trace', '--accept-flake-config'],
  ...[
    '-k',
    '--keep-going',
    '-K',
    '--keep-failed',
    '--fallback',
    '-j',
    '--max-jobs',
    '--cores',
    '--no-update-lock-file',
  ],
]);

/** The first argument of a build that may change what is evaluated or built, or how. */
export function findUnknown(buildArgs: readonly string[]): string | undefined {
  return buildArgs.find(argument => !harmlessArguments.has(argument) && !/^\d+$/.test(argument));
}

function installableOf({ source }: Inputs['builds'][number]): string {
  if (source.kind === 'installable') return source.installable;
  throw new Failure(`${source.kind} is not evaluated as a flake`);
}

/** Each flake once, however many installables it has. */
async function readFlakes(
  installables: ReadonlySet<string>,
  { resolve, cleanCommit }: Runtime,
): Promise<readonly FlakeSource[]> {
  const flakes = await Promise.all([...installables].map(installable => readLocalFlake(installable, resolve)));
  const locks = new Map(flakes.map(({ directory, lock }) => [directory, lock]));
  const read = async ([directory, lock]: readonly [string, string | undefined]) => {
    await refuseImpureFlake(directory);
    // Nix does not see a lock file that is not tracked.
    const commit = await cleanCommit(directory, lock === undefined ? [] : ['flake.lock']);
    if (commit !== undefined) return { commit, lock };
    throw new Failure(`the files in ${directory} differ from the commit that is checked out, or git cannot tell`);
  };
  return Promise.all([...locks].map(read));
}

/** What the name of a base stands for now. */
async function readBaseDigest({ base }: Inputs, access: RegistryAccess): Promise<string | undefined> {
  if (base === undefined) return undefined;
  const named = baseImageName(base);
  if (named === undefined) throw new Failure('base is a file');
  if (isDigest(named.name)) return named.name;
  const client = await openClient(named, { ...access, actions: 'pull', mountSources: [] });
  return digestOf(await getManifest(client, named.name));
}
