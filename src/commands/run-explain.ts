import { explanationJson, explanationOf, explanationText, packageText } from '../report/explanation.ts';
import { explainImage } from '../stages/open/explain-image.ts';
import type { Action } from './command.ts';
import { readInputs } from './read-inputs.ts';
import { withRegistries } from './with-registries.ts';

/** Builds an image and explains its size. */
export const runExplain: Action = async ({ flags, parameters, width }, runtime) => {
  const [installable, wanted] = parameters as [string, string | undefined];
  const inputs = readInputs({ ...flags, installable }, runtime.env);
  const paths = await withRegistries({ inputs, names: [], runtime }, context => explainImage(inputs, context));
  const explanation = explanationOf(installable, paths);
  const text = wanted === undefined ? explanationText(explanation, width) : packageText(explanation, wanted);
  return { text, json: explanationJson(explanation) };
};
