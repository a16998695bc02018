import type { Native } from './image/open-image.ts';
import { Failure, messageOf } from './lib/failure.ts';
import { type Created, parseCreated } from './metadata/created.ts';
import type { RevisionChoice } from './metadata/derive-labels.ts';
import { type Annotation, type LabelEdits, parseAnnotations, parseLabels } from './metadata/labels.ts';
import { type MetadataSource, parseMetadataSource } from './metadata/metadata-source.ts';
import { parseTagging, parseTags, type Tagging } from './metadata/tags.ts';
import { isPlatform } from './oci/platform.ts';
import { formatReference, isRegistryHost, parseImageName, type Reference, type Repository } from './oci/reference.ts';
import { type Compression, parseCompression } from './pack/compression.ts';
import type { Reuse } from './pack/reuse-layer.ts';
import type { IfExists } from './registry/move-tags.ts';

interface InputRow {
  /** `text` is one value, `list` may have many lines, `flag` is true or false, `secret` never stands on a command line. */
  readonly kind: 'text' | 'list' | 'flag' | 'secret';
  readonly default?: string;
  readonly description: string;
}

/** The contract, in the order of action.yml and of the README; a test keeps the three the same. */
export const inputTable = {
  mode: {
    kind: 'text',
    default: 'build',
    description:
      'build; metadata to compute tags, labels and annotations alone; index to join images of several platforms; promote to label and tag an image that is there; push-layout to push what a fork built; cleanup to delete tags',
  },
  installable: {
    kind: 'list',
    default: '.',
    description:
      'Flake installable that gives the image. Several, one a line, with NAME=, OS/ARCHITECTURE= or NAME/OS/ARCHITECTURE= in front',
  },
  file: { kind: 'text', description: 'Nix file with the image, instead of installable' },
  attr: { kind: 'text', description: 'Attribute of the image in file' },
  path: { kind: 'text', description: 'Image that is built already (store path, result link, file); needs no Nix' },
  'build-args': { kind: 'list', description: 'Extra arguments for nix build, one a line' },
  impure: { kind: 'flag', default: 'false', description: 'Build with --impure' },
  native: {
    kind: 'text',
    default: 'auto',
    description: 'Read a streamLayeredImage from its settings, not by running its script: auto, require or off',
  },
  'prefer-stream': {
    kind: 'flag',
    default: 'true',
    description: 'Build the stream behind a buildLayeredImage instead of its tarball',
  },
  'image-name': { kind: 'text', description: 'Which image of an archive or layout that holds several' },
  platform: {
    kind: 'text',
    description:
      'Platform that the image must be for (linux/amd64); chooses from an index. For mode index all of them, for push-layout those that are allowed, comma separated',
  },
  config: { kind: 'text', description: 'For a package: JSON over the config of its image' },
  contents: { kind: 'list', description: 'For a package: further installables, linked at the root of its image' },
  user: { kind: 'text', description: 'For a package: user of its image, a number, two with a colon, or a name' },
  base: {
    kind: 'text',
    description: 'For a package: image to build on, a reference or the path (./… or /…) of an archive or layout',
  },
  'max-layers': { kind: 'text', description: 'For a package: most layers of its image (100)' },
  images: { kind: 'list', description: 'Names without tag, one a line; the rules in tags give the tags' },
  tags: {
    kind: 'list',
    description: "Full references, newline or comma separated; with images docker/metadata-action's rules, one a line",
  },
  flavor: { kind: 'list', description: 'With images: latest=auto|true|false, prefix=TEXT, suffix=TEXT' },
  labels: { kind: 'list', description: 'key=value a line over the labels of the build; !key deletes one' },
  annotations: {
    kind: 'list',
    description: 'key=value a line, onto the manifest; index: or manifest[OS/ARCHITECTURE]: may stand in front',
  },
  annotate: {
    kind: 'text',
    default: 'config,manifest,index',
    description: 'Where labels go: into the config, and as annotations onto the manifest and the index',
  },
  metadata: {
    kind: 'list',
    description: "docker/metadata-action's output: its json, the paths of its bake files, or env for its variables",
  },
  revision: {
    kind: 'text',
    default: 'head',
    description: 'Commit of a pull request that the label names: head or merge',
  },
  created: { kind: 'text', default: 'commit', description: 'commit, now, keep, an RFC 3339 time or Unix seconds' },
  push: { kind: 'flag', default: 'false', description: 'Push to every reference in tags' },
  load: { kind: 'flag', default: 'false', description: 'Load into the local container engine under tags' },
  output: { kind: 'text', description: 'Write the image to oci:DIR, oci-archive:FILE or docker-archive:FILE too' },
  'dry-run': {
    kind: 'flag',
    default: 'false',
    description: 'Build, and tell what would be uploaded; nothing is pushed, loaded or written',
  },
  'push-by-digest': {
    kind: 'flag',
    default: 'false',
    description: 'Push without a tag, for a later index; tags then names the repositories alone',
  },
  'if-exists': {
    kind: 'text',
    default: 'overwrite',
    description: 'A tag that names another image already is moved (overwrite), an error (error), or left alone (skip)',
  },
  sources: {
    kind: 'list',
    description: 'For mode index: references by digest, descriptors as JSON, files or directories of these, one a line',
  },
  comment: {
    kind: 'flag',
    default: 'false',
    description: 'Tell of the pushed image in one comment on the pull request, which is kept up to date',
  },
  from: {
    kind: 'text',
    description: 'For mode promote: a reference by tag or digest, or the path (./… or /…) of an OCI layout',
  },
  'allow-labels': {
    kind: 'list',
    default: 'org.opencontainers.image.*',
    description: 'For mode push-layout: labels that the layout may bring, one a line; * stands for any text',
  },
  'export-metadata': {
    kind: 'flag',
    default: 'false',
    description: 'Set DOCKER_METADATA_OUTPUT_* for later steps, as docker/metadata-action does',
  },
  compression: {
    kind: 'text',
    description: 'gzip, zstd or none; without it gzip, and compressed layers stay as they are',
  },
  'compression-level': { kind: 'text', description: '1 to 9 for gzip (6), 1 to 19 for zstd (3)' },
  reuse: {
    kind: 'text',
    default: 'verify',
    description: 'How far layers known from the registry are believed: trust, verify or off',
  },
  'reuse-from': {
    kind: 'list',
    description: "Further references to know layers from, such as the default branch's tag",
  },
  preflight: { kind: 'flag', default: 'true', description: 'See before the build whether the push is allowed' },
  username: { kind: 'text', description: 'User at the registries in tags; without it the Docker or Podman login' },
  password: { kind: 'secret', description: 'Password or token of that user' },
  'github-token': {
    kind: 'secret',
    description: "Token for ghcr.io, for flake inputs from GitHub and for GitHub's API",
  },
  'insecure-registries': { kind: 'list', description: 'Hosts spoken to over http or with an unknown certificate' },
  'nix-version': { kind: 'text', description: 'Version of Nix to install when there is none' },
  'nix-url': { kind: 'text', description: 'Mirror of https://releases.nixos.org/nix to install from' },
  'nix-sha256': { kind: 'text', description: 'SHA-256 of the release archive of a version that is not known here' },
  'nix-version-strict': {
    kind: 'flag',
    default: 'false',
    description: 'Make it an error, not a warning, when the Nix that is there is not nix-version',
  },
  substituters: { kind: 'list', description: 'Binary caches to fetch from besides the ones that are set' },
  'trusted-public-keys': { kind: 'list', description: 'Keys that sign what is in these, as NAME:BASE64' },
  builders: { kind: 'list', description: 'Machines to build on, each a line of /etc/nix/machines' },
  'nix-conf': { kind: 'list', description: 'Extra lines of nix.conf, after all others' },
  cache: {
    kind: 'text',
    default: 'true',
    description: 'Keep what the build needed of the store for later runs: true, false or restore (nothing is saved)',
  },
  'cache-save': {
    kind: 'text',
    default: 'auto',
    description: 'auto (on the default branch and in pull requests from the repository), true or false',
  },
  'cache-key-files': { kind: 'list', description: 'Patterns of further lock files that the cache key depends on' },
  'cache-key-extra': { kind: 'text', description: 'Text that the cache key depends on too' },
  'cache-exclude-substitutable': {
    kind: 'flag',
    default: 'false',
    description: 'Leave out of the cache what came from a binary cache',
  },
  'cache-max-size': { kind: 'text', description: 'Most bytes of store paths in a cache entry, as in 4GB' },
  'cache-to': { kind: 'text', description: "file:///DIR to keep the cache in instead of the runner's cache service" },
} as const satisfies Readonly<Record<string, InputRow>>;

export type InputName = keyof typeof inputTable;

/** What is built for a platform. */
export interface Variant {
  /** `os/architecture[/variant]`; undefined for whatever it turns out to be. */
  readonly platform?: string;
  readonly spec: Spec;
}

/** Where the image comes from. */
type Spec =
  | { readonly kind: 'installable'; readonly installable: string }
  | { readonly kind: 'file'; readonly file: string; readonly attr?: string }
  | { readonly kind: 'path'; readonly path: string };

type OutputKind = 'oci' | 'oci-archive' | 'docker-archive';

const annotatePlaces = ['config', 'manifest', 'index'] as const;
/** Where a label goes: a label of the config, an annotation of the manifest or of the index. */
type AnnotatePlace = (typeof annotatePlaces)[number];

/** All inputs for one image, parsed. Nothing below this reads an input again. */
export interface Inputs {
  readonly mode: 'build' | 'metadata' | 'index' | 'promote' | 'push-layout' | 'cleanup';
  /** What `installable` calls the image, where a step makes several. */
  readonly name: string | undefined;
  readonly variants: readonly Variant[];
  readonly pushByDigest: boolean;
  readonly comment: boolean;
  readonly ifExists: IfExists;
  readonly sources: readonly string[];
  readonly from?: From;
  readonly allowLabels: readonly string[];
  readonly buildArgs: readonly string[];
  readonly impure: boolean;
  readonly native: Native;
  readonly preferStream: boolean;
  readonly imageName?: string;
  readonly platform?: string;
  /** Parsed JSON. */
  readonly config?: unknown;
  readonly contents: readonly string[];
  readonly user?: string;
  readonly base?: string;
  readonly maxLayers?: number;
  readonly tagging: Tagging;
  readonly labels: LabelEdits;
  readonly annotations: readonly Annotation[];
  readonly annotate: readonly AnnotatePlace[];
  readonly metadata?: MetadataSource;
  readonly revision: RevisionChoice;
  readonly dryRun: boolean;
  readonly exportMetadata: boolean;
  readonly created: Created;
  readonly push: boolean;
  readonly load: boolean;
  readonly compression?: Compression;
  readonly reuse: Reuse;
  readonly reuseFrom: readonly Reference[];
  readonly preflight: boolean;
  readonly output?: { readonly kind: OutputKind; readonly path: string };
  readonly login?: { readonly username: string; readonly password: string };
  readonly githubToken?: string;
  readonly insecureRegistries: readonly string[];
  readonly nix: {
    readonly nixVersion?: string;
    readonly nixUrl?: string;
    readonly nixSha256?: string;
    readonly nixVersionStrict: boolean;
    readonly substituters: readonly string[];
    readonly trustedPublicKeys: readonly string[];
    readonly builders: readonly string[];
    readonly nixConf: readonly string[];
  };
  readonly cache: CacheInputs;
}

/** What is promoted: what a tag or digest names, or an OCI layout. */
type From = (Repository & { readonly name: string }) | { readonly layout: string };

/** Whether and how the store is kept for later runs. */
interface CacheInputs {
  readonly use: 'full' | 'restore' | 'off';
  readonly save: 'auto' | 'always' | 'never';
  readonly keyFiles: readonly string[];
  readonly keyExtra: string;
  readonly excludeSubstitutable: boolean;
  /** Bytes. */
  readonly maxSize?: number;
  /** Absolute path to keep entries in, instead of the runner's service. */
  readonly directory?: string;
}

/**
 * Reads and checks every input, once for each image that the step makes; `read` gives the raw text, empty where nothing
 * was given. `{{name}}` stands for the name of the image in whatever input it is.
 */
export function parseImages(read: (name: InputName) => string): [Inputs, ...Inputs[]] {
  const [first, ...others] = imageNamesOf(installableLines(read('installable')));
  const of = (name: string) => parseInputs(input => read(input).replaceAll('{{name}}', name), name);
  const images: [Inputs, ...Inputs[]] = first === undefined ? [parseInputs(read)] : [of(first), ...others.map(of)];
  checkApart(images);
  return images;
}

/** Reads and checks every input for one image, of several the one with that name. */
export function parseInputs(read: (name: InputName) => string, name?: string): Inputs {
  const text = (name: InputName) => {
    const row: InputRow = inputTable[name];
    return read(name).trim() === '' ? (row.default ?? '') : read(name);
  };
  const isGiven = (name: InputName) => {
    const row: InputRow = inputTable[name];
    return word(name) !== (row.default ?? '');
  };
  const word = (name: InputName) => text(name).trim();
  const given = <K extends string>(key: K, name: InputName) =>
    (word(name) === '' ? {} : { [key]: word(name) }) as { readonly [key in K]?: string };
  const flag = (name: InputName) => parseFlag(name, word(name));
  const lines = (name: InputName) => linesOf(text(name));

  const inputs: Inputs = {
    mode: parseOneOf('mode', word('mode'), ['build', 'metadata', 'index', 'promote', 'push-layout', 'cleanup']),
    name,
    variants: parseVariants(
      installableLines(text('installable')).filter(line => line.name === name),
      { ...given('file', 'file'), ...given('attr', 'attr'), ...given('path', 'path') },
    ),
    pushByDigest: flag('push-by-digest'),
    comment: flag('comment'),
    ifExists: parseOneOf('if-exists', word('if-exists'), ['overwrite', 'error', 'skip']),
    sources: text('sources').trimStart().startsWith('[') ? [text('sources').trim()] : lines('sources'),
    ...parseFrom(word('from')),
    allowLabels: lines('allow-labels'),
    buildArgs: parseBuildArgs(lines('build-args')),
    impure: flag('impure'),
    native: parseOneOf('native', word('native'), ['auto', 'require', 'off']),
    preferStream: flag('prefer-stream'),
    ...given('imageName', 'image-name'),
    ...parsePlatform(word('platform'), word('mode')),
    ...parseConfig(word('config')),
    contents: lines('contents'),
    ...given('user', 'user'),
    ...given('base', 'base'),
    ...parseMaxLayers(word('max-layers')),
    tagging: parseTagging({ images: text('images'), tags: text('tags'), flavor: text('flavor') }),
    labels: parseLabels(text('labels')),
    annotations: parseAnnotations(text('annotations')),
    annotate: parseAnnotate(word('annotate')),
    ...parseMetadata(text('metadata')),
    revision: parseOneOf('revision', word('revision'), ['head', 'merge']),
    dryRun: flag('dry-run'),
    exportMetadata: flag('export-metadata'),
    created: parseCreated(word('created')),
    push: flag('push'),
    load: flag('load'),
    ...parseGivenCompression(word('compression'), word('compression-level')),
    reuse: parseOneOf('reuse', word('reuse'), ['trust', 'verify', 'off']),
    reuseFrom: parseTags(text('reuse-from')),
    preflight: flag('preflight'),
    ...(word('output') === '' ? {} : { output: parseOutput(word('output')) }),
    ...parseLogin(word('username'), word('password')),
    ...given('githubToken', 'github-token'),
    insecureRegistries: parseHosts(lines('insecure-registries')),
    nix: {
      ...given('nixVersion', 'nix-version'),
      ...given('nixUrl', 'nix-url'),
      ...given('nixSha256', 'nix-sha256'),
      nixVersionStrict: parseStrict(word('nix-version'), flag('nix-version-strict')),
      substituters: lines('substituters').flatMap(wordsOf),
      trustedPublicKeys: parsePublicKeys(lines('trusted-public-keys').flatMap(wordsOf)),
      builders: lines('builders'),
      nixConf: lines('nix-conf'),
    },
    cache: {
      use: ({ true: 'full', restore: 'restore', false: 'off' } as const)[
        parseOneOf('cache', word('cache'), ['true', 'false', 'restore'])
      ],
      save: ({ auto: 'auto', true: 'always', false: 'never' } as const)[
        parseOneOf('cache-save', word('cache-save'), ['auto', 'true', 'false'])
      ],
      keyFiles: lines('cache-key-files'),
      keyExtra: word('cache-key-extra'),
      excludeSubstitutable: flag('cache-exclude-substitutable'),
      ...parseMaxSize(word('cache-max-size')),
      ...parseCacheTo(word('cache-to')),
    },
  };
  checkTogether(inputs);
  refuseInputs(inputs.mode, (Object.keys(inputTable) as InputName[]).filter(isGiven));
  if (inputs.pushByDigest) refuseTags(text('tags'));
  return inputs;
}

function checkTogether(inputs: Inputs): void {
  const { variants, tagging, metadata, push, load, buildArgs, impure } = inputs;
  const mayHaveTags = tagging.references.length > 0 || tagging.rules !== undefined || metadata !== undefined;
  for (const [name, wanted] of Object.entries({ push, load })) {
    if (wanted && !mayHaveTags)
      throw new Failure(`Cannot ${name}: tags is empty. Give at least one reference in tags.`);
  }
  if (variants.some(({ spec }) => spec.kind === 'path') && (buildArgs.length > 0 || impure)) {
    throw new Failure('Cannot use build-args or impure together with path: nothing is built. Remove one of them.');
  }
  if (variants.length > 1 && (load || inputs.output?.kind === 'docker-archive')) {
    throw new Failure(
      `Cannot ${load ? 'load' : 'write a docker-archive of'} an image for ${variants.length} platforms: an engine takes one. Name one platform.`,
    );
  }
  if (inputs.mode === 'index' && inputs.sources.length === 0)
    throw new Failure('Cannot make an index: sources is empty. Give what the jobs of the platforms have pushed.');
  if (inputs.mode === 'promote' && inputs.from === undefined)
    throw new Failure('Cannot promote: from is empty. Give the reference of an image, or the path of an OCI layout.');
  if (inputs.mode === 'push-layout' && variants[0]?.spec.kind !== 'path')
    throw new Failure('Cannot push a layout: path is empty. Give the directory or tar archive that it is in.');
  if (inputs.pushByDigest && inputs.ifExists !== 'overwrite')
    throw new Failure('Cannot use if-exists with push-by-digest: no tag is moved. Remove one of them.');
}

/** Inputs that are for one mode alone. */
const forMode: { readonly [name in InputName]?: Inputs['mode'] } = {
  sources: 'index',
  from: 'promote',
  'allow-labels': 'push-layout',
};

/** Inputs that shape what is built. */
const buildInputs: readonly InputName[] = [
  ...(['installable', 'file', 'attr', 'build-args', 'impure', 'config', 'contents', 'user', 'base'] as const),
  ...(['max-layers', 'compression', 'compression-level'] as const),
];

function refuseInputs(mode: Inputs['mode'], given: readonly InputName[]): void {
  for (const name of given) {
    const only = forMode[name];
    if (only !== undefined && only !== mode)
      throw new Failure(`Cannot use ${name} with mode: ${mode}. It is for mode: ${only}.`);
  }
  if (mode !== 'promote' && mode !== 'push-layout') return;
  const foreign = given.filter(name => buildInputs.includes(name) || (mode === 'promote' && name === 'path'));
  if (foreign.length === 0) return;
  throw new Failure(
    `Cannot use ${foreign.join(', ')} with mode: ${mode}: nothing is built. Remove what it does not take.`,
  );
}

/** Without rules `tags` names repositories where no tag is pushed. */
function refuseTags(text: string): void {
  const tagged = text.split(/[\r\n,]+/).find(item => /^[^=]*:[^/=]*$/.test(item.trim()));
  if (tagged === undefined) return;
  throw new Failure(
    `Cannot push ${tagged.trim()} by digest: it has a tag. With push-by-digest, tags names the repository alone, as in ghcr.io/acme/app.`,
  );
}

/** Images of one step must not write over each other. */
function checkApart(images: readonly [Inputs, ...Inputs[]]): void {
  if (images.length > 1 && images[0].mode === 'metadata') {
    throw new Failure('Cannot describe several images in one step: the outputs speak of one. Use a step for each.');
  }
  const places = images.flatMap(({ output, pushByDigest, tagging }) => [
    ...(output === undefined ? [] : [`${output.kind}:${output.path}`]),
    ...(pushByDigest ? [] : tagging.references.map(formatReference)),
    ...(pushByDigest ? [] : (tagging.rules?.images ?? [])),
  ]);
  const twice = places.find((place, i) => places.indexOf(place) !== i);
  if (twice === undefined) return;
  throw new Failure(
    `Cannot make several images: ${twice} is meant for more than one. Write {{name}} where their names differ.`,
  );
}

interface InstallableLine {
  readonly name: string | undefined;
  readonly platform: string | undefined;
  readonly installable: string;
}

/** Not every line that begins with `#` is a comment: `#image` is an attribute of the flake here. */
function installableLines(text: string): InstallableLine[] {
  const lines = text.split(/\r?\n/).map(line => line.trim());
  return lines.filter(line => line !== '' && !/^#(\s|$)/.test(line)).map(parseInstallable);
}

/** `.#image`, or that behind `NAME=`, `OS/ARCHITECTURE=` or `NAME/OS/ARCHITECTURE=`. */
function parseInstallable(line: string): InstallableLine {
  const [, key, installable = line] = /^([A-Za-z0-9][\w./-]*)=(.+)$/.exec(line) ?? [];
  if (key === undefined) return { name: undefined, platform: undefined, installable };
  const [, name, platform] = /^(?:([a-z0-9]+(?:[._-]+[a-z0-9]+)*))??(?:(?:^|\/)(linux\/.+))?$/.exec(key) ?? [];
  if ((name === undefined && platform === undefined) || (platform !== undefined && !isPlatform(platform))) {
    throw new Failure(
      `Cannot use the installable line "${line}": "${key}" is neither a name in lower-case letters, digits, ".", "_" and "-" nor a platform such as linux/amd64.`,
    );
  }
  return { name, platform, installable };
}

/** The names of the images, none where there is one without a name. */
function imageNamesOf(lines: readonly InstallableLine[]): string[] {
  const names = new Set(lines.map(({ name }) => name));
  const named = [...names].filter(name => name !== undefined);
  if (named.length === 0 || named.length === names.size) return named;
  throw new Failure('Cannot use installable: some of its lines have a name and some have none. Name all or none.');
}

function parseVariants(
  installables: readonly InstallableLine[],
  given: { file?: string; attr?: string; path?: string },
): Variant[] {
  const isDefault = installables.length === 1 && installables[0]?.installable === inputTable.installable.default;
  const other = parseSpec(given, isDefault ? [] : ['installable']);
  if (other !== undefined) return [{ spec: other }];
  const platforms = installables.map(({ platform }) => platform);
  const twice = platforms.find((platform, i) => platforms.indexOf(platform) !== i);
  if (installables.length > 1 && new Set(platforms).size < installables.length) {
    throw new Failure(
      `Cannot use installable: ${installables.length} lines are for ${twice ?? 'no platform'}. Put another name or platform in front of each, as in linux/arm64=.#image.`,
    );
  }
  if (installables.length > 1 && platforms.includes(undefined)) {
    throw new Failure('Cannot use installable: some of its lines have a platform and some have none.');
  }
  return installables.map(({ platform, installable }) => ({
    ...(platform === undefined ? {} : { platform }),
    spec: { kind: 'installable', installable },
  }));
}

/** What is named otherwise than by `installable`, if anything is. */
function parseSpec(
  { file, attr, path }: { file?: string; attr?: string; path?: string },
  others: readonly string[],
): Spec | undefined {
  const named = [...others, ...(file === undefined ? [] : ['file']), ...(path === undefined ? [] : ['path'])];
  if (named.length > 1) {
    throw new Failure(`Cannot use ${named.join(' and ')} together: each names the image. Keep one of them.`);
  }
  if (attr !== undefined && file === undefined) {
    throw new Failure(`Cannot use attr "${attr}" without file: name the Nix file it is in, or use installable.`);
  }
  if (path !== undefined) return { kind: 'path', path };
  if (file !== undefined) return { kind: 'file', file, ...(attr === undefined ? {} : { attr }) };
  return undefined;
}

/** One argument a line, as it is: a value with blanks needs no quotes, and so none are understood. */
function parseBuildArgs(lines: string[]): string[] {
  const crowded = lines.find(line => /^--?[\w-]+\s/.test(line));
  if (crowded === undefined) return lines;
  throw new Failure(
    `Cannot use the build-args line "${crowded}": write the flag and each of its values on a line of its own.`,
  );
}

function parseStrict(version: string, isStrict: boolean): boolean {
  if (!isStrict || version !== '') return isStrict;
  throw new Failure('Cannot use nix-version-strict: nix-version is empty. Say which version it has to be.');
}

/** nix.conf(5), `trusted-public-keys`: an Ed25519 key has 32 bytes. */
function parsePublicKeys(keys: readonly string[]): readonly string[] {
  const wrong = keys.find(key => !/^[^:]+:[A-Za-z0-9+/]{43}=$/.test(key));
  if (wrong === undefined) return keys;
  throw new Failure(
    `Cannot use trusted-public-keys: "${wrong}" is no key. Give NAME:BASE64, as the binary cache shows it.`,
  );
}

function wordsOf(line: string): string[] {
  return line.split(/\s+/).filter(word => word !== '');
}

function parseHosts(lines: readonly string[]): string[] {
  const hosts = lines.flatMap(line => line.split(',').map(host => host.trim())).filter(host => host !== '');
  const wrong = hosts.find(host => !isRegistryHost(host));
  if (wrong === undefined) return hosts;
  throw new Failure(
    `Cannot use insecure-registries: "${wrong}" is not a host. Give HOST or HOST:PORT, without https://.`,
  );
}

/** YAML 1.2 core booleans, as @actions/core takes them. */
function parseFlag(name: InputName, value: string): boolean {
  if (/^(true|True|TRUE)$/.test(value)) return true;
  if (/^(false|False|FALSE)$/.test(value)) return false;
  throw new Failure(`Cannot use ${name}: "${value}". Give true or false.`);
}

/** A path begins with `.` or `/`; anything else is a reference. */
function parseFrom(text: string): Pick<Inputs, 'from'> {
  if (text === '') return {};
  return { from: /^\.{0,2}\//.test(text) ? { layout: text } : parseImageName(text) };
}

function parseOutput(text: string): { kind: OutputKind; path: string } {
  const [, kind, path] = /^(oci|oci-archive|docker-archive):(.+)$/.exec(text) ?? [];
  if (kind !== undefined && path !== undefined) return { kind: kind as OutputKind, path };
  throw new Failure(`Cannot use output: "${text}". Give oci:DIR, oci-archive:FILE or docker-archive:FILE.`);
}

function parseGivenCompression(method: string, level: string): Pick<Inputs, 'compression'> {
  const compression = parseCompression(method, level);
  return compression === undefined ? {} : { compression };
}

function parseOneOf<T extends string>(name: InputName, value: string, known: readonly T[]): T {
  const found = known.find(item => item === value);
  if (found !== undefined) return found;
  throw new Failure(`Cannot use ${name}: "${value}". Give ${known.slice(0, -1).join(', ')} or ${known.at(-1)}.`);
}

function parseAnnotate(text: string): AnnotatePlace[] {
  const places = text.split(',').map(place => place.trim());
  return places.map(place => parseOneOf('annotate', place, annotatePlaces));
}

function parseMetadata(text: string): Pick<Inputs, 'metadata'> {
  return text.trim() === '' ? {} : { metadata: parseMetadataSource(text) };
}

/** There may be several, with commas between, where more than one image is dealt with. */
function parsePlatform(text: string, mode: string): Pick<Inputs, 'platform'> {
  if (text === '') return {};
  const platforms = mode === 'index' || mode === 'push-layout' ? text.split(',').map(one => one.trim()) : [text];
  if (platforms.every(isPlatform)) return { platform: platforms.join(',') };
  throw new Failure(`Cannot use platform: "${text}". Give OS/ARCHITECTURE, as in linux/amd64 or linux/arm/v7.`);
}

function parseConfig(text: string): Pick<Inputs, 'config'> {
  if (text === '') return {};
  try {
    return { config: JSON.parse(text) };
  } catch (cause) {
    throw new Failure(`Cannot use config: it is not JSON (${messageOf(cause)}).`, { cause });
  }
}

function parseMaxLayers(text: string): Pick<Inputs, 'maxLayers'> {
  if (text === '') return {};
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 2 && number <= 127) return { maxLayers: number };
  throw new Failure(`Cannot use max-layers: "${text}". Give a number from 2 to 127, the most that engines can stack.`);
}

/** Powers of 1000, as sizes are shown. */
function parseMaxSize(text: string): Pick<CacheInputs, 'maxSize'> {
  if (text === '') return {};
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([kMGT]?)B?$/.exec(text) ?? [];
  if (number !== undefined) return { maxSize: Math.floor(Number(number) * 1000 ** ' kMGT'.indexOf(unit || ' ')) };
  throw new Failure(`Cannot use cache-max-size: "${text}". Give bytes, or a number with kB, MB, GB or TB.`);
}

function parseCacheTo(text: string): Pick<CacheInputs, 'directory'> {
  if (text === '') return {};
  const [, path] = /^file:\/\/(\/.+)$/.exec(text) ?? [];
  if (path !== undefined) return { directory: decodeURIComponent(path) };
  throw new Failure(`Cannot use cache-to: "${text}". Give file:///DIRECTORY.`);
}

/** In a fork's pull request a password from the secrets is empty, see `openPublications`. */
function parseLogin(username: string, password: string): Pick<Inputs, 'login'> {
  if (username === '' && password === '') return {};
  if (username !== '') return { login: { username, password } };
  throw new Failure('Cannot log in with password alone: give username and password.');
}

function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
}
