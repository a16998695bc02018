import type { Inputs } from '../inputs/inputs.ts';
import { parseInputs } from '../inputs/parse-inputs.ts';
import { Failure } from '../lib/failure.ts';
import { formatSize } from '../lib/format-size.ts';
import { escapeControls } from '../lib/printable.ts';
import type { Repository } from '../oci/reference.ts';
import type { Runtime } from '../runtime.ts';
import { deleteOld } from '../stages/build/delete-old-entries.ts';
import { openCacheAccess } from '../stages/build/open-entries.ts';
import { type ListedEntry, listEntries } from '../stages/cache/list-entries.ts';
import { pullEntry } from '../stages/cache/pull-entry.ts';
import { pushPaths } from '../stages/cache/push-paths.ts';
import { serveCache } from '../stages/cache/serve-cache.ts';
import type { Action, Call } from './command.ts';
import { readInput } from './input-flags.ts';

interface CacheCall {
  readonly repository: Repository;
  readonly inputs: Inputs;
}

/** The inputs of a build whose `cache-to` is the first parameter. */
function readCall({ parameters: [registry], flags }: Call, { env }: Runtime): CacheCall {
  const inputs = parseInputs(name => (name === 'cache-to' ? String(registry) : readInput(name, flags, env)));
  const { repository } = inputs.cache.registry ?? {};
  if (repository === undefined) {
    throw new Failure(
      `Cannot use "${registry}": it is no registry. Give oci://HOST/PATH, as in oci://ghcr.io/acme/app-cache.`,
    );
  }
  // So the login is used for this registry.
  const tagging = { ...inputs.tagging, references: [{ ...repository, tag: 'latest' }] };
  return { repository, inputs: { ...inputs, tagging } };
}

/** `nix-image cache list` */
export const list: Action = async (call, runtime) => {
  const { repository, inputs } = readCall(call, runtime);
  const entries = await listEntries(repository, { inputs, runtime });
  return { text: entries.map(lineOf).join('\n'), json: entries };
};

function lineOf({ key, saved, size, signedBy, error }: ListedEntry): string {
  const facts = error === undefined ? [formatSize(size ?? 0), signedBy ?? 'not signed'] : [`unusable: ${error}`];
  return [saved, key, ...facts.map(escapeControls)].join('  ');
}

/** `nix-image cache pull` */
export const pull: Action = async (call, runtime) => {
  const { repository, ...run } = readCall(call, runtime);
  const [, key] = call.parameters;
  const wanted = typeof key === 'string' ? key : undefined;
  const { paths, ...pulled } = await pullEntry(repository, wanted, { ...run, runtime });
  return { text: paths.join('\n'), json: { ...pulled, paths } };
};

/** `nix-image cache push` */
export const push: Action = async (call, runtime) => {
  const { inputs } = readCall(call, runtime);
  const { parameters, flags } = call;
  const paths = [parameters[1] ?? []].flat();
  const saved = await pushPaths(paths, typeof flags.key === 'string' ? flags.key : undefined, { inputs, runtime });
  return { text: saved.key, json: saved };
};

/** `nix-image cache prune` */
export const prune: Action = async (call, runtime) => {
  const { repository, inputs } = readCall(call, runtime);
  const { keep } = inputs.cache;
  if (keep === undefined)
    throw new Failure('Cannot prune: give what to keep, as in --cache-keep 10 or --cache-keep "10 30d".');
  const access = openCacheAccess(inputs, runtime);
  const deletions = await deleteOld(repository, keep, { runtime, access, dryRun: inputs.dryRun });
  return { text: deletions.deleted.join('\n'), json: deletions };
};

/** `nix-image cache serve` */
export const serve: Action = async (call, runtime) => {
  const { repository, inputs } = readCall(call, runtime);
  const { port = '0' } = call.flags;
  if (typeof port !== 'string' || !/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new Failure(`Cannot use --port "${port}": give a number up to 65535.`);
  }
  await serveCache(repository, { inputs, runtime, port: Number(port) });
  return { text: '', json: {} };
};
