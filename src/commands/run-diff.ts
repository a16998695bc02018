import { differenceJson, differenceOf, differenceText } from '../report/difference.ts';
import { differenceMap } from '../report/treemaps.ts';
import { inspectImage } from '../stages/open/inspect-image.ts';
import { withRegistries } from '../stages/open/with-registries.ts';
import type { Action } from './command.ts';
import { writeHtml } from './html-flag.ts';
import { readInputs } from './read-inputs.ts';

/** Reads two images and reports what differs. */
export const runDiff: Action = async (call, runtime) => {
  const inputs = readInputs(call.flags, runtime.env);
  const [from, to] = call.parameters.map(String) as [string, string];
  const [before, after] = await withRegistries({ inputs, names: [from, to], runtime }, context =>
    runtime.log.group('Inspect', async () => [
      await inspectImage(from, { inputs, ...context }),
      await inspectImage(to, { inputs, ...context }),
    ]),
  );
  const difference = differenceOf(before, after);
  const page = () => ({
    title: `${from} → ${to}`,
    caption: 'Packages that differ, by unpacked size.',
    map: differenceMap(difference),
    text: differenceText(difference, undefined),
  });
  await writeHtml(call.flags, page, runtime);
  return { text: differenceText(difference, call.width), json: differenceJson(difference) };
};
