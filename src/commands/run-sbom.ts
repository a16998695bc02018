import { isPath } from '../inputs/is-path.ts';
import { printable } from '../lib/printable.ts';
import { sbomFormats } from '../sbom/sbom-document.ts';
import { withRegistries } from '../stages/open/with-registries.ts';
import { isInstallable } from '../stages/sbom/describe-subject.ts';
import { readSbom } from '../stages/sbom/read-sbom.ts';
import type { Action } from './command.ts';
import { jsonText } from './json-text.ts';
import { readInputs } from './read-inputs.ts';
import { UsageError } from './usage-error.ts';

/** Prints the bill of materials of an image. */
export const runSbom: Action = async ({ flags: { format: wanted, ...flags }, parameters }, runtime) => {
  const format = sbomFormats.find(one => one === (wanted ?? 'cyclonedx'));
  if (format === undefined) throw new UsageError(`Cannot use --format ${wanted}. Give ${sbomFormats.join(' or ')}.`);
  const inputs = readInputs(flags, runtime.env);
  const name = String(parameters[0]);
  const names = isInstallable(name) || isPath(name) ? [] : [name];
  const { document, notes } = await withRegistries({ inputs, names, runtime }, context =>
    readSbom(name, { format, inputs, ...context }),
  );
  for (const note of notes) runtime.log.notice(printable(note));
  return { text: jsonText(document), json: document };
};
