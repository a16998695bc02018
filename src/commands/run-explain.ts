import { explanationJson, explanationOf, explanationText, packageText } from '../report/explanation.ts';
import { explanationMap } from '../report/treemaps.ts';
import { explainImage } from '../stages/open/explain-image.ts';
import { withRegistries } from '../stages/open/with-registries.ts';
import type { Action } from './command.ts';
import { writeHtml } from './html-flag.ts';
import { readInputs } from './read-inputs.ts';

/** Builds an image and explains its size. */
export const runExplain: Action = async ({ flags, parameters, width }, runtime) => {
  const [installable, wanted] = parameters as [string, string | undefined];
  const inputs = readInputs({ ...flags, installable }, runtime.env);
  const paths = await withRegistries({ inputs, names: [], runtime }, context => explainImage(inputs, context));
  const explanation = explanationOf(installable, paths);
  const page = () => ({
    title: installable,
    caption: 'Each store path holds what is in the image only because of it, by unpacked size.',
    map: explanationMap(explanation),
    text: explanationText(explanation, undefined),
  });
  await writeHtml(flags, page, runtime);
  const text = wanted === undefined ? explanationText(explanation, width) : packageText(explanation, wanted);
  return { text, json: explanationJson(explanation) };
};
