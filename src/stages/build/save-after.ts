import { mostLayers } from '../../cache/manifest.ts';
import { buildOf } from '../../cache/oci/old-entries.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { messageOf } from '../../lib/failure.ts';
import type { Descriptor } from '../../oci/blob.ts';
import type { ImageResult, RunResult } from '../../report/result.ts';
import { formatResult, parseResult } from '../../results/result-entry.ts';
import { saveResult } from '../../results/results-backend.ts';
import type { Runtime } from '../../runtime.ts';
import { deleteAfterSave, deleteOldResults } from './delete-old-entries.ts';
import { openResults } from './open-entries.ts';
import { saveStore } from './save-store.ts';
import { type PostTask, parsePostTask, type ResultTask, type SaveTask } from './save-task.ts';

interface Run {
  readonly inputs: Inputs;
  readonly runtime: Runtime;
}

interface Published {
  readonly result: RunResult;
  /** The result of the build to save, if it is to be. */
  readonly remembered: ResultTask | undefined;
}

/**
 * Runs `publish` and then saves the store with the layers that proved certain, and results: in the post step if
 * possible, but results at once if there is nothing else to save. The store is also saved if `publish` fails or is
 * cancelled.
 */
export async function saveAfter(
  store: SaveTask | undefined,
  run: Run,
  publish: () => Promise<Published>,
): Promise<RunResult> {
  const isPostponed = run.runtime.afterJob !== undefined;
  if (isPostponed) await save({ store }, run);
  try {
    const { result, remembered } = await publish();
    await save({ store: store && { ...store, layers: certainLayers(result.images) }, result: remembered }, run);
    return result;
  } catch (error) {
    if (!isPostponed) await save({ store }, run);
    throw error;
  }
}

async function save(task: PostTask, run: Run): Promise<void> {
  if (task.store === undefined && task.result === undefined) return;
  // A result is small, and what saves it is loaded here: the post step would take longer to start.
  const postpone = task.store === undefined ? undefined : run.runtime.afterJob;
  try {
    await (postpone?.(JSON.stringify(task)) ?? saveAll(task, run));
  } catch (error) {
    run.runtime.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
  }
}

/** Saves all that the main step left to save. The inputs are those of the main step. */
export function runPostTask(text: string, run: Run): Promise<void> {
  return saveAll(parsePostTask(text), run);
}

async function saveAll({ store, result }: PostTask, run: Run): Promise<void> {
  if (result !== undefined) await saveResultOf(result, run);
  if (store !== undefined) await saveStore(store, run);
}

async function saveResultOf({ key, text, others }: ResultTask, { inputs, runtime }: Run): Promise<void> {
  const backend = openResults(inputs, runtime, 'pull,push');
  if (backend === undefined) return;
  try {
    const result = parseResult(Buffer.from(text), key);
    let isSaved = false;
    for (const one of [key, ...others]) {
      const saved = await saveResult(one, formatResult(one, result), backend);
      if (saved === undefined) continue;
      runtime.log.info(`Saved the result of this build as ${saved}`);
      isSaved = true;
    }
    if (!isSaved) return;
    const build = buildOf(key);
    await deleteAfterSave({ inputs, runtime }, (repository, keep, context) =>
      deleteOldResults(repository, keep, { ...context, build }),
    );
  } catch (error) {
    runtime.log.warning(`Cannot save the result of this build: ${messageOf(error)}`);
  }
}

/** The certain layers without duplicates, with the facts from their annotations. */
function certainLayers(images: readonly ImageResult[]): Descriptor[] {
  const layers = images.flatMap(({ platforms }) => platforms.flatMap(({ layers }) => layers));
  const certain = layers.filter(({ isCertain }) => isCertain).map(({ descriptor }) => descriptor);
  return [...new Map(certain.map(descriptor => [JSON.stringify(descriptor), descriptor])).values()].slice(
    0,
    mostLayers,
  );
}
