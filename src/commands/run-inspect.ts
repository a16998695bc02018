import { inspectionJson, inspectionOf, inspectionText } from '../report/inspection.ts';
import { inspectionMap } from '../report/treemaps.ts';
import { inspectImage } from '../stages/open/inspect-image.ts';
import { withRegistries } from '../stages/open/with-registries.ts';
import type { Action } from './command.ts';
import { writeHtml } from './html-flag.ts';
import { readInputs } from './read-inputs.ts';

/** Reads an image and reports what is in it. */
export const runInspect: Action = async (call, runtime) => {
  const inputs = readInputs(call.flags, runtime.env);
  const name = String(call.parameters[0]);
  const image = await withRegistries({ inputs, names: [name], runtime }, context =>
    runtime.log.group('Inspect', () => inspectImage(name, { inputs, ...context })),
  );
  const inspection = inspectionOf(image);
  const page = () => ({
    title: name,
    caption: 'Layers with their store paths and other files, by unpacked size.',
    map: inspectionMap(inspection),
    text: inspectionText(inspection, undefined),
  });
  await writeHtml(call.flags, page, runtime);
  return { text: inspectionText(inspection, call.width), json: inspectionJson(inspection) };
};
