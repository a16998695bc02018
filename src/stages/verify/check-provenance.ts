import { predicateTypes } from '../../attest/statement.ts';
import type { RequireInputs } from '../../inputs/inputs.ts';
import { isObject, type Json } from '../../lib/json-object.ts';
import { oneLine } from '../../lib/printable.ts';
import type { WorkflowContext } from '../../runtime.ts';
import type { Check } from './check.ts';
import type { Statements } from './read-statements.ts';

/** The workflow that a provenance must name; a repository as URL. */
type WantedWorkflow = Pick<RequireInputs, 'repository' | 'workflow' | 'ref'>;

/** What the inputs demand; on a runner the repository of the workflow by default. */
export function wantedWorkflow({ repository, workflow, ref }: RequireInputs, context: WorkflowContext): WantedWorkflow {
  const { server = 'https://github.com', repository: own } = context.workflow ?? {};
  const name = repository ?? own;
  return {
    ...(name === undefined ? {} : { repository: name.startsWith('https://') ? name : `${server}/${name}` }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(ref === undefined ? {} : { ref }),
  };
}

/**
 * Whether one of the statements is provenance that names the wanted workflow, with the predicate of the first that
 * does.
 */
export function checkProvenance(
  { found, reasons }: Statements,
  wanted: WantedWorkflow,
): Check & { readonly predicate?: Json } {
  const all = found.filter(({ predicateType }) => predicateType === predicateTypes.provenance);
  const faults: string[] = [];
  for (const { predicate, certified } of all) {
    const named = workflowIn(predicate);
    const fault = faultOf(named, wanted, certified.workflow);
    if (fault === undefined) return { name: 'provenance', detail: describe(named), predicate };
    faults.push(fault);
  }
  const lacking = ['the signer attached none', ...reasons];
  return { name: 'provenance', fault: [...new Set(all.length === 0 ? lacking : faults)].join('; ') };
}

type Named = { readonly [part in keyof WantedWorkflow]?: string | undefined };

/** The workflow that was started. https://actions.github.io/buildtypes/workflow/v1 */
function workflowIn(predicate: Json): Named {
  const { buildDefinition } = predicate;
  const { externalParameters } = isObject(buildDefinition) ? buildDefinition : ({} as Json);
  const { workflow } = isObject(externalParameters) ? externalParameters : ({} as Json);
  const { repository, path, ref } = isObject(workflow) ? workflow : ({} as Json);
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return { repository: text(repository), workflow: text(path), ref: text(ref) };
}

function faultOf(named: Named, wanted: WantedWorkflow, certified: string | undefined): string | undefined {
  for (const part of ['repository', 'workflow', 'ref'] as const) {
    if (wanted[part] === undefined || wanted[part] === named[part]) continue;
    return `it names the ${part} ${shown(named[part])}, not ${wanted[part]}`;
  }
  const { repository, workflow, ref } = named;
  if (certified === undefined || certified === `${repository}/${workflow}@${ref}`) return undefined;
  return `it names ${describe(named)}, but its certificate ${oneLine(certified, 300)}`;
}

function describe({ repository, workflow, ref }: Named): string {
  return [repository, workflow, ref].map(shown).join(' ');
}

/** Only for people: another name may look the same. */
function shown(part: string | undefined): string {
  return part === undefined ? '(none)' : oneLine(part, 300);
}
