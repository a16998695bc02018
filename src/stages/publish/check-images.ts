import { applyRules, type Finding, formatFinding, listFacts, withKnownFindings } from '../../check/apply-rules.ts';
import { efficiencyOf } from '../../check/efficiency.ts';
import type { CheckedLayer } from '../../check/image-files.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { Failure } from '../../lib/failure.ts';
import { platformOf } from '../../oci/config.ts';
import type { Image } from '../../oci/image.ts';
import type { PackedImage } from '../../pack/pack-image.ts';
import type { Runtime } from '../../runtime.ts';
import type { LabelledImage } from '../open/label-image.ts';
import type { ReadyImage } from './publication.ts';

/** With `check: error`, a Failure if a config breaks a rule that needs no layer, before anything is sent. */
export function checkConfigs(images: readonly ReadyImage[], runtime: Runtime): void {
  for (const { inputs, platforms } of images) {
    if (inputs.check !== 'error') continue;
    for (const { image } of platforms) refuse(findingsOf(image, image.layers, { inputs, runtime, isEarly: true }));
  }
}

/** Applies the rules to images whose layers are packed. With `check: error`, a Failure if an image breaks a rule. */
export function checkPacked(
  { image, findings: known }: LabelledImage,
  packed: PackedImage,
  { inputs, runtime }: { readonly inputs: Inputs; readonly runtime: Runtime },
): Finding[] {
  if (inputs.check === 'off') return [];
  const layers = image.layers.map(({ storePaths }, i) => ({ storePaths, files: packed.layers[i]?.files }));
  const isEarly = known !== undefined;
  const found = findingsOf(packed, layers, { inputs, runtime, isEarly });
  const findings = isEarly ? withKnownFindings(found, known) : found;
  if (inputs.check === 'error') refuse(findings);
  if (!isEarly) describeLayers(layers, platformOf(packed.config), runtime);
  return findings;
}

/** One warning per rule, however many images break it. */
export function warnOfFindings(
  images: readonly { readonly name: string | undefined; readonly findings?: readonly Finding[] }[],
  { log }: Runtime,
): void {
  const all = images.flatMap(({ name, findings = [] }) => findings.map(finding => ({ name, finding })));
  for (const rule of new Set(all.map(({ finding }) => finding.rule))) {
    const [first, ...others] = all.filter(({ finding }) => finding.rule === rule);
    if (first === undefined) continue;
    const also = others.map(
      ({ name = '', finding }) => `${`${name} ${finding.platform}`.trim()}: ${listFacts(finding)}`,
    );
    log.warning([`Check ${formatFinding(first.finding)}`, ...also].join('\nAlso '));
  }
}

function findingsOf(
  { config }: Pick<Image, 'config'>,
  layers: readonly CheckedLayer[],
  { inputs, runtime, isEarly = false }: { inputs: Inputs; runtime: Runtime; isEarly?: boolean },
): Finding[] {
  const { repositoryUrl } = runtime.context;
  return applyRules({ config, layers, repositoryUrl }, { ignored: inputs.checkIgnore, isEarly });
}

function refuse(findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const lines = findings.map(finding => `- ${formatFinding(finding)}`);
  const rulesText = findings.length === 1 ? 'a rule' : `${findings.length} rules`;
  throw new Failure(
    [
      `Cannot publish the image for ${findings[0]?.platform}: it breaks ${rulesText} of the check. No tag was moved.`,
      ...lines,
      'Correct the image, or name rules in check-ignore.',
    ].join('\n'),
  );
}

function describeLayers(layers: readonly CheckedLayer[], platform: string, { log }: Runtime): void {
  const unread = layers.filter(({ files }) => files === undefined).length;
  const efficiency = efficiencyOf(layers);
  if (unread > 0) {
    log.info(
      `Check of ${platform}: ${unread} of ${layers.length} layers were reused without being read, so rules about their files do not see them.`,
    );
  }
  if (efficiency !== undefined)
    log.info(`Check of ${platform}: the efficiency is ${(efficiency.score * 100).toFixed(1)} %.`);
}
