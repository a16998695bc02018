import type { TaggedImage } from '../../local/layout.ts';
import { loadIntoEngine } from '../../local/load-engine.ts';
import { writeOutput } from '../../local/write-output.ts';
import type { Runtime } from '../../runtime.ts';
import type { Publication, ReadyImage } from './publication.ts';

/** Whether the image is also written to this machine or loaded into its engine. */
export function isWrittenLocally({ inputs: { output, load }, layout }: Publication): boolean {
  return output !== undefined || layout !== undefined || load;
}

/** Writes the image to this machine and loads it into the engine, as `output` and `load` say. */
export async function writeLocally(
  { root, images }: Omit<TaggedImage, 'references'>,
  { inputs, metadata, layout }: ReadyImage,
  { log, env, resolve }: Runtime,
): Promise<void> {
  if (inputs.dryRun) return;
  const image = { root, images, references: metadata.references };
  const output = inputs.output && { ...inputs.output, path: resolve(inputs.output.path) };
  const outputs = output?.path === layout?.path ? [output] : [output, layout];
  for (const one of outputs) {
    if (one === undefined) continue;
    await writeOutput(image, one);
    log.info(`Wrote ${one.kind}:${one.path}`);
  }
  if (inputs.load) log.info(`Loaded into ${await loadIntoEngine(image, env)}`);
}
