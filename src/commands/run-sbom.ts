import { isPath } from '../inputs/is-path.ts';
import { printable } from '../lib/printable.ts';
import { describeGaps } from '../sbom/inventory.ts';
import { sbomFormats, sbomOf } from '../sbom/sbom-document.ts';
import { withRegistries } from '../stages/open/with-registries.ts';
import { describeSubject, isInstallable } from '../stages/sbom/describe-subject.ts';
import type { Action } from './command.ts';
import { readInputs } from './read-inputs.ts';
import { UsageError } from './usage-error.ts';

/** Describes an image and prints its bill of materials. */
export const runSbom: Action = async ({ flags: { format: wanted, ...flags }, parameters }, runtime) => {
  const format = sbomFormats.find(one => one === (wanted ?? 'cyclonedx'));
  if (format === undefined) throw new UsageError(`Cannot use --format ${wanted}. Give ${sbomFormats.join(' or ')}.`);
  const inputs = readInputs(flags, runtime.env);
  const name = String(parameters[0]);
  const names = isInstallable(name) || isPath(name) ? [] : [name];
  const subject = await withRegistries({ inputs, names, runtime }, context => describeSubject(name, inputs, context));
  for (const gap of describeGaps(subject.inventory)) runtime.log.notice(printable(gap));
  const text = await sbomOf(format, subject);
  return { text: text.trimEnd(), json: JSON.parse(text) };
};
