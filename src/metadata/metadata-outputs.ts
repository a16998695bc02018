import type { Labels } from '../oci/config.ts';
import { type Metadata, referencesOf } from './compute-metadata.ts';
import { annotationName } from './labels.ts';

/** The target in docker/metadata-action's bake files. */
const bakeTarget = 'docker-metadata-action';

/** The outputs of docker/metadata-action by name: lists with one entry per line, labels and annotations by key. */
export function metadataOutputs(metadata: Metadata): Readonly<Record<string, string>> {
  const { version, tagNames } = metadata;
  const tags = referencesOf(metadata);
  const labels = sorted(metadata.labels);
  const annotations = annotationLines(metadata);
  return {
    version: version ?? '',
    tags: tags.join('\n'),
    'tag-names': tagNames.join('\n'),
    labels: Object.entries(labels).map(assignment).join('\n'),
    annotations: annotations.join('\n'),
    json: JSON.stringify({ tags, 'tag-names': tagNames, labels, annotations }),
  };
}

/** The texts of its bake files, by the name of the output with each file's path. */
export function bakeFiles(metadata: Metadata): Readonly<Record<string, string>> {
  const file = (content: object) => JSON.stringify({ target: { [bakeTarget]: content } }, null, 2);
  const tags = referencesOf(metadata);
  const labels = sorted(metadata.labels);
  const args = { DOCKER_META_IMAGES: metadata.repositories.join(','), DOCKER_META_VERSION: metadata.version };
  return {
    'bake-file-tags': file({ tags, args }),
    'bake-file-labels': file({ labels }),
    'bake-file-annotations': file({ annotations: annotationLines(metadata) }),
    'bake-file': file({ tags, labels, args }),
  };
}

/** Each label as an annotation, overridden by the annotations. */
function annotationLines({ labels, annotations, annotationLevels }: Metadata): string[] {
  const own = annotations.map(item => [annotationName(item), item.value]);
  const all = annotationLevels.flatMap(level =>
    Object.entries(labels).map(([key, value]) => [`${level}:${key}`, value]),
  );
  return Object.entries(sorted(Object.fromEntries([...all, ...own]))).map(assignment);
}

function sorted(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function assignment([key, value]: readonly [string, string]): string {
  return `${key}=${value}`;
}
