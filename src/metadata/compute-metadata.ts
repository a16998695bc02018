import type { Labels } from '../oci/config.ts';
import {
  formatReference,
  formatRepository,
  parseReference,
  parseRepository,
  type Reference,
} from '../oci/reference.ts';
import { computeTags } from './compute-tags.ts';
import { deriveLabels, type RevisionChoice } from './derive-labels.ts';
import { fillIn } from './expression.ts';
import type { ImportedMetadata } from './imported-metadata.ts';
import { type Annotation, type LabelEdits, type PlacedAnnotation, placeAnnotations } from './labels.ts';
import { globalExpressions, type MetadataContext } from './metadata-context.ts';
import { type Tagging, withoutRepeats } from './tags.ts';

/** The inputs of one image's metadata. */
export interface MetadataRequest {
  readonly tagging: Tagging;
  /** Results of docker/metadata-action. */
  readonly imported: ImportedMetadata;
  readonly labels: LabelEdits;
  readonly annotations: readonly Annotation[];
  readonly revision: RevisionChoice;
  /** RFC 3339. */
  readonly created: string | undefined;
}

/** Tags, labels and annotations of one run, without knowledge of the image. */
export interface Metadata {
  readonly version: string | undefined;
  readonly tagNames: readonly string[];
  readonly references: readonly Reference[];
  /** The repositories of `images` and of the references, each once, with or without tags. */
  readonly repositories: readonly string[];
  /** Labels of the workflow, of metadata-action and of `labels`, each over the previous one. */
  readonly labels: Labels;
  /** Labels to delete, whoever set them. */
  readonly deleted: ReadonlySet<string>;
  /** Annotations of metadata-action and of `annotations`. */
  readonly annotations: readonly PlacedAnnotation[];
  /** The levels at which labels are also written as annotations. */
  readonly annotationLevels: readonly PlacedAnnotation['level'][];
  /** RFC 3339; undefined to keep what the build set. */
  readonly created: string | undefined;
  /** Why rules for this event gave no tag. */
  readonly notes: readonly string[];
}

/**
 * All metadata of the image, computed from one context only. With `images`, labels and annotations may contain the
 * expressions of tag rules; without, they are taken literally.
 */
export function computeMetadata(request: MetadataRequest, context: MetadataContext): Metadata {
  const { tagging, imported, labels, annotations } = request;
  const { references, names, notes, version } = resolveTags(tagging, imported, context);
  const expressions = tagging.rules === undefined ? undefined : globalExpressions(context);
  const derived = deriveLabels(context, { ...request, version });
  const fill = (text: string, line: string) => (expressions === undefined ? text : fillIn(text, expressions, line));
  const set = Object.entries(labels.set).map(([key, value]) => {
    const line = `${key}=${value}`;
    return [fill(key, line), fill(value, line)] as const;
  });
  const kept = Object.entries({ ...derived, ...imported.labels, ...Object.fromEntries(set) }).filter(
    ([key]) => !labels.deleted.has(key),
  );
  const own = annotations.map(item => {
    const line = `${item.key}=${item.value}`;
    return { ...item, key: fill(item.key, line), value: fill(item.value, line) };
  });
  const { annotationLevels = ['manifest'] } = context;
  return {
    version,
    tagNames: names,
    references,
    repositories: repositoriesOf(references, tagging),
    labels: Object.fromEntries(kept),
    deleted: labels.deleted,
    annotations: placeAnnotations([...imported.annotations, ...own], annotationLevels),
    annotationLevels,
    created: request.created,
    notes,
  };
}

function repositoriesOf(references: readonly Reference[], { rules }: Tagging): string[] {
  const named = (rules?.images ?? []).map(parseRepository);
  return [...new Set([...named, ...references].map(formatRepository))];
}

const versionKey = 'org.opencontainers.image.version';

/** Tags of the inputs replace those of metadata-action. `latest` alone does not determine the version. */
function resolveTags({ references, rules }: Tagging, imported: ImportedMetadata, context: MetadataContext) {
  const computed = rules === undefined ? undefined : computeTags(rules.rules, rules.flavor, context);
  const names = computed?.names ?? [];
  const tagged = (rules?.images ?? []).flatMap(image => names.map(name => parseReference(`${image}:${name}`)));
  const asked = withoutRepeats([...tagged, ...references]);
  // A bare tag would be read as the name of a repository.
  const bare = asked.length > 0 ? [] : imported.tags.filter(tag => !tag.includes(':'));
  const whole = imported.tags.filter(tag => !bare.includes(tag));
  const all = asked.length > 0 ? asked : withoutRepeats(whole.map(parseReference));
  const first = all[0]?.tag === 'latest' ? undefined : all[0]?.tag;
  return {
    references: all,
    names: [...new Set([...names, ...all.map(({ tag }) => tag)])],
    notes: [
      ...(computed?.notes ?? []),
      ...bare.map(
        tag => `No tag from "${tag}" of docker/metadata-action: it has no image name. Set images in that step.`,
      ),
    ],
    version: computed?.version ?? imported.labels[versionKey] ?? context.gitTag ?? first,
  };
}

/** The references as text, as registries write them. */
export function referencesOf({ references }: Metadata): string[] {
  return references.map(formatReference);
}
