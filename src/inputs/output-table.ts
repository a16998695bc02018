import { describingModes, type Mode, pushingModes } from './mode.ts';

/** One output of the contract. */
interface OutputRow {
  /** The modes that set it; those that push if omitted. */
  readonly modes?: readonly Mode[];
  /** One phrase in Markdown, for action.yml and the documents. */
  readonly description: string;
}

/** The outputs of the step, in the order in which they are documented. */
export const outputTable = {
  digest: {
    modes: [...pushingModes, 'verify'],
    description: 'Digest of the manifest or index that was pushed, that a push would produce, or that was verified',
  },
  imageid: { description: 'Digest of the image config' },
  image: {
    modes: [...pushingModes, 'verify'],
    description: '`NAME@DIGEST` of the first tag; the verify action: of the verified image',
  },
  verified: { modes: ['verify'], description: 'What was checked and found, one line for each check' },
  descriptor: { description: 'JSON descriptor (platform, full name) to pass to `sources` of the index action' },
  metadata: {
    description:
      "JSON with the keys of docker/build-push-action's `metadata` that apply (`containerimage.digest`, `image.name` …), and `nix-image.*`",
  },
  size: { description: 'Compressed size of all layers, in bytes' },
  layers: { description: 'Number of layers' },
  'layers-digest': {
    description: 'Digest over the layers only: equal for images that differ in labels, annotations and times only',
  },
  layout: {
    modes: ['build'],
    description: 'Path of the OCI layout written because a run from a fork may not push; otherwise empty',
  },
  images: { description: 'JSON list of all images of the step: name, digest, tags, size and platforms of each' },
  'uploaded-bytes': { description: 'Bytes of layers and configs that were uploaded' },
  'nix-version': { modes: ['build'], description: 'Version of the Nix that built the image' },
  'reused-build': {
    modes: ['build'],
    description: '`true` if the result of an earlier run was labelled and pushed instead of building, else `false`',
  },
  'build-log': {
    modes: ['build'],
    description: 'Path of a file with the log of the derivation that could not be built; otherwise empty',
  },
  'cache-hit': {
    modes: ['build'],
    description: '`true` if the store cache had an entry for exactly this key, else `false`',
  },
  'cache-key': { modes: ['build'], description: 'Key of the store cache; empty without a cache' },
  'cache-matched-key': { modes: ['build'], description: 'Key of the entry that was restored' },
  'cache-restored-bytes': { modes: ['build'], description: 'Size of the store paths that were restored, in bytes' },
  version: {
    modes: describingModes,
    description:
      'Version of the image: the first tag produced by a rule; failing that the git tag; failing that the first tag other than `latest`',
  },
  tags: {
    modes: describingModes,
    description: 'References that were pushed, one per line; the metadata action lists those it computed',
  },
  'tag-names': { modes: describingModes, description: 'Tags without image names, one per line' },
  labels: { modes: describingModes, description: 'Labels that the workflow and the inputs set, `KEY=VALUE` per line' },
  annotations: { modes: describingModes, description: 'The same as annotations, each with its level as a prefix' },
  json: {
    modes: describingModes,
    description: "Tags, labels and annotations as JSON in docker/metadata-action's format",
  },
  'descriptor-file': { description: 'Path of a file with the `descriptor`, to upload as an artifact' },
  'json-file': {
    modes: describingModes,
    description: 'Path of a file with the `json`, which may be too long for a variable',
  },
  'bake-file-tags': { modes: describingModes, description: 'Path of a bake file with the tags' },
  'bake-file-labels': { modes: describingModes, description: 'Path of a bake file with the labels' },
  'bake-file-annotations': { modes: describingModes, description: 'Path of a bake file with the annotations' },
  'bake-file': { modes: describingModes, description: 'Path of a bake file with tags and labels' },
} as const satisfies Readonly<Record<string, OutputRow>>;

/** The name of an output. */
export type OutputName = keyof typeof outputTable;

/** The names of all outputs, in the order of the table. */
export const outputNames = Object.keys(outputTable) as OutputName[];

/** Whether an action of this mode sets the output. */
export function setsOutput(mode: Mode, name: OutputName): boolean {
  const { modes = pushingModes }: OutputRow = outputTable[name];
  return modes.includes(mode);
}
