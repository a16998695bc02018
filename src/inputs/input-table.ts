import { githubIssuer } from './github-issuer.ts';
import {
  buildingModes,
  changingModes,
  demandingModes,
  describingModes,
  type Mode,
  modes,
  pushingModes,
  registryModes,
  taggingModes,
} from './mode.ts';

/** Groups of inputs in the documentation. */
export const inputGroups = [
  'Image',
  'Image of a package',
  'Tags and labels',
  'Push',
  'Supply chain',
  'Layers and reuse',
  'Store cache',
  'Nix',
  'Output',
] as const;

/** One input. */
export interface InputRow {
  /**
   * `text` is one value, `list` may have many lines, `flag` is true or false, `secret` is never accepted on a command
   * line.
   */
  readonly kind: 'text' | 'list' | 'flag' | 'secret';
  readonly group: (typeof inputGroups)[number];
  /** The modes that have it; only `build` if omitted. */
  readonly modes?: readonly Mode[];
  readonly default?: string;
  /** One phrase in Markdown, for action.yml, README and the help. */
  readonly description: string;
  /** Its description in modes that use it differently. */
  readonly descriptions?: { readonly [mode in Mode]?: string };
}

/** The contract. All action.yml files and the tables of the documents are generated from it. */
export const inputTable = {
  mode: { kind: 'text', group: 'Image', modes, default: 'build', description: 'Set by each sub-action; do not set it' },
  installable: {
    kind: 'list',
    group: 'Image',
    default: '.',
    description:
      'Flake installable of the image. For several images or platforms one per line, as `NAME=…`, `linux/arm64=…` or `NAME/linux/arm64=…`',
  },
  file: { kind: 'text', group: 'Image', description: 'Nix file to build instead of `installable`' },
  attr: { kind: 'text', group: 'Image', description: 'Attribute of the image in `file`' },
  path: {
    kind: 'text',
    group: 'Image',
    modes: ['build', 'push-layout'],
    description: 'Image that is already built: a store path, a `result` link, an archive or a layout. Needs no Nix',
  },
  from: {
    kind: 'text',
    group: 'Image',
    modes: ['promote'],
    description: 'Image to promote: a reference by tag or digest, or the path (`./…`, `/…`) of an OCI layout',
  },
  sources: {
    kind: 'list',
    group: 'Image',
    modes: ['index'],
    description:
      'Images to join, one per line: references by digest, descriptors as JSON, or files or directories of these',
  },
  image: {
    kind: 'text',
    group: 'Image',
    modes: ['verify'],
    description: 'Image to verify: a reference by tag or digest',
  },
  'build-args': {
    kind: 'list',
    group: 'Image',
    description: 'Extra arguments for `nix build`, one per line; put a flag and each of its values on separate lines',
  },
  impure: { kind: 'flag', group: 'Image', default: 'false', description: 'Build with `--impure`' },
  native: {
    kind: 'text',
    group: 'Image',
    default: 'auto',
    description:
      'Make the layers of a `streamLayeredImage` without running its script: `auto` (if possible), `require` or `off`',
  },
  'prefer-stream': {
    kind: 'flag',
    group: 'Image',
    default: 'true',
    description: 'Build the `stream` of a `buildLayeredImage` instead of its tarball',
  },
  'image-name': {
    kind: 'text',
    group: 'Image',
    modes: ['build', 'promote'],
    description: 'Image to choose from an archive or layout that contains several',
  },
  platform: {
    kind: 'text',
    group: 'Image',
    modes: [...pushingModes, 'verify'],
    description: 'Platform that the image must have (`linux/amd64`); also chooses from an index',
    descriptions: {
      verify: 'Platform to build again (`linux/amd64`); all of the index if not set',
      index: 'Platforms that must be present, comma-separated (`linux/amd64,linux/arm64`)',
      promote: 'Platform to choose from an index (`linux/amd64`)',
      'push-layout': 'Platforms that are allowed, comma-separated (default `linux/amd64,linux/arm64`)',
    },
  },
  config: {
    kind: 'text',
    group: 'Image of a package',
    description: 'JSON merged over the image config that the action derives',
  },
  contents: {
    kind: 'list',
    group: 'Image of a package',
    description: 'Further installables, one per line, linked into the root of the image',
  },
  user: {
    kind: 'text',
    group: 'Image of a package',
    description: 'User that the image runs as: `UID`, `UID:GID` or a name',
  },
  base: {
    kind: 'text',
    group: 'Image of a package',
    description: 'Image to build on: a reference, or the path (`./…`, `/…`) of an archive or layout',
  },
  layering: {
    kind: 'text',
    group: 'Image of a package',
    description:
      'How to distribute store paths over layers: `stable` (default for packages; a change uploads little), `popularity` (packages, as nixpkgs) or `as-built` (default for images)',
  },
  'max-layers': {
    kind: 'text',
    group: 'Image of a package',
    description: 'Maximum number of layers (default 100), of a package or with `layering: stable`',
  },
  images: {
    kind: 'list',
    group: 'Tags and labels',
    modes: taggingModes,
    description: 'Image names without tags, one per line; the rules in `tags` (or default rules) provide the tags',
  },
  tags: {
    kind: 'list',
    group: 'Tags and labels',
    modes: taggingModes,
    description:
      "Full references, newline- or comma-separated; with `images`, docker/metadata-action's rules, one per line",
  },
  flavor: {
    kind: 'list',
    group: 'Tags and labels',
    modes: taggingModes,
    description: 'With `images`: `latest=auto|true|false`, `prefix=TEXT`, `suffix=TEXT`',
  },
  labels: {
    kind: 'list',
    group: 'Tags and labels',
    modes: describingModes,
    description: '`KEY=VALUE` per line, applied over all other labels; `!KEY` deletes one',
  },
  annotations: {
    kind: 'list',
    group: 'Tags and labels',
    modes: describingModes,
    description: '`KEY=VALUE` per line; optional prefix `manifest:`, `manifest[linux/amd64]:` or `index:`',
  },
  annotate: {
    kind: 'text',
    group: 'Tags and labels',
    modes: pushingModes,
    default: 'config,manifest,index',
    description: 'Where labels go: into the config, and as annotations onto the manifest and the index',
  },
  metadata: {
    kind: 'list',
    group: 'Tags and labels',
    modes: taggingModes,
    description:
      'Output of docker/metadata-action: its `json`, the paths of its bake files, or `env` to read the variables it sets',
  },
  revision: {
    kind: 'text',
    group: 'Tags and labels',
    modes: describingModes,
    default: 'head',
    description:
      "Commit that the `revision` label records in a pull request: `head` (last commit pushed) or `merge` (GitHub's merge commit)",
  },
  created: {
    kind: 'text',
    group: 'Tags and labels',
    modes: describingModes,
    default: 'commit',
    description: 'Creation time: `commit`, `now`, `keep` (what the build set), an RFC 3339 time or Unix seconds',
  },
  'allow-labels': {
    kind: 'list',
    group: 'Tags and labels',
    modes: ['push-layout'],
    description:
      'Labels that the layout may have, one per line; `*` matches any text. Default: the six that describe the image: `title`, `description`, `documentation`, `licenses`, `version` and `created` of `org.opencontainers.image`',
  },
  push: {
    kind: 'flag',
    group: 'Push',
    modes: pushingModes,
    default: 'false',
    description: 'Push the image under all its tags',
  },
  'push-by-digest': {
    kind: 'flag',
    group: 'Push',
    modes: pushingModes,
    default: 'false',
    description: 'Push without a tag, for the index action; `tags` then names only repositories',
  },
  'if-exists': {
    kind: 'text',
    group: 'Push',
    modes: pushingModes,
    default: 'overwrite',
    description: 'If a tag already names a different image: `overwrite` it, `error` (fail, moving no tag) or `skip` it',
  },
  'dry-run': {
    kind: 'flag',
    group: 'Push',
    modes: changingModes,
    default: 'false',
    description: 'Report what would be done; push, load, write and delete nothing',
  },
  preflight: {
    kind: 'flag',
    group: 'Push',
    modes: pushingModes,
    default: 'true',
    description: 'Check push permission before building',
  },
  check: {
    kind: 'text',
    group: 'Push',
    modes: ['build', 'promote', 'push-layout'],
    default: 'warn',
    description: 'Check the image: `warn`, `error` (fail, moving no tag) or `off`',
  },
  'check-ignore': {
    kind: 'list',
    group: 'Push',
    modes: ['build', 'promote', 'push-layout'],
    description: 'Rules of the check to leave out',
  },
  comment: {
    kind: 'flag',
    group: 'Push',
    modes: pushingModes,
    default: 'false',
    description: 'Post one comment about the pushed image on the pull request, and keep it updated',
  },
  username: {
    kind: 'text',
    group: 'Push',
    modes: registryModes,
    description:
      'User name for the registries in `tags`; default: the Docker or Podman login, then `github-token` for ghcr.io',
  },
  password: { kind: 'secret', group: 'Push', modes: registryModes, description: 'Password or token of that user' },
  'github-token': {
    kind: 'secret',
    group: 'Push',
    modes,
    description:
      "Token for ghcr.io, for flake inputs from GitHub and for GitHub's API; on a runner, the job's token by default",
  },
  'insecure-registries': {
    kind: 'list',
    group: 'Push',
    modes: registryModes,
    description: 'Registry hosts to allow over HTTP or with an untrusted certificate',
  },
  sbom: {
    kind: 'text',
    group: 'Supply chain',
    description:
      'Attach a bill of materials (SBOM) of exactly what is in the image: `cyclonedx`, `spdx` or both, comma-separated',
  },
  'check-reproducible': {
    kind: 'flag',
    group: 'Supply chain',
    default: 'false',
    description: 'Build and pack again, and fail before any tag moves if a file differs',
  },
  'nix-db': {
    kind: 'flag',
    group: 'Supply chain',
    default: 'false',
    description:
      'Add a layer with the database of Nix, for scanners and for a `nix` in the container, as `includeNixDB` of dockerTools',
  },
  'sbom-file': {
    kind: 'text',
    group: 'Supply chain',
    description:
      'File to write the SBOM to; with several formats or platforms, put `{{format}}` and `{{platform}}` into its name',
  },
  sign: {
    kind: 'text',
    group: 'Supply chain',
    modes: pushingModes,
    description: 'Sign the image: `keyless` (as this workflow, through Sigstore). Or set `signing-key`',
  },
  'signing-key': {
    kind: 'secret',
    group: 'Supply chain',
    modes: pushingModes,
    description:
      'Private key to sign with: PEM, or the `cosign.key` of `cosign generate-key-pair`, whose password is in the variable `COSIGN_PASSWORD`',
  },
  provenance: {
    kind: 'flag',
    group: 'Supply chain',
    // Not for push-layout: another run built what that pushes.
    modes: ['build', 'index', 'promote'],
    default: 'false',
    description:
      'Attach SLSA provenance: from what, by which workflow and how the image was built. Needs `sign` or `signing-key`',
  },
  'allow-unattested': {
    kind: 'flag',
    group: 'Supply chain',
    modes: pushingModes,
    default: 'false',
    description: 'If the registry refuses signatures and provenance, push without them and warn, instead of failing',
  },
  'attest-to-github': {
    kind: 'flag',
    group: 'Supply chain',
    modes: pushingModes,
    default: 'false',
    description: "Also send what `sign: keyless` signs to GitHub's attestations API, for `gh attestation verify`",
  },
  'signing-config': {
    kind: 'text',
    group: 'Supply chain',
    modes: pushingModes,
    description: 'File with the signing config of a Sigstore of your own, for `sign: keyless`',
  },
  'require-signed': {
    kind: 'list',
    group: 'Supply chain',
    modes: demandingModes,
    description:
      'Identity that must have signed `base` and the images in `reuse-from`: `https://github.com/OWNER/NAME/.github/workflows/FILE@REF`. Of several lines, one suffices',
    descriptions: {
      promote:
        'Identity that must have signed `from` and the images in `reuse-from`: `https://github.com/OWNER/NAME/.github/workflows/FILE@REF`. Of several lines, one suffices',
      'push-layout':
        'Identity that must have signed the images in `reuse-from`: `https://github.com/OWNER/NAME/.github/workflows/FILE@REF`. Of several lines, one suffices',
      verify:
        'Identity that must have signed: `https://github.com/OWNER/NAME/.github/workflows/FILE@REF`. Of several lines, one suffices',
    },
  },
  'require-issuer': {
    kind: 'text',
    group: 'Supply chain',
    modes: demandingModes,
    default: githubIssuer,
    description: 'Issuer that vouches for the identity in `require-signed`',
  },
  'require-key': {
    kind: 'text',
    group: 'Supply chain',
    modes: demandingModes,
    description: 'Public key that must have signed, instead of `require-signed`: PEM, or a file with it',
  },
  'trusted-root': {
    kind: 'text',
    group: 'Supply chain',
    modes: [...pushingModes, 'verify'],
    description:
      'File with the trusted root of a Sigstore of your own: for `require-signed`, and to recognize what `sign: keyless` attached before',
    descriptions: {
      index: 'File with the trusted root of a Sigstore of your own, to recognize what `sign: keyless` attached before',
      verify: 'File with the trusted root of a Sigstore of your own, for `require-signed`',
    },
  },
  require: {
    kind: 'text',
    group: 'Supply chain',
    modes: ['verify'],
    default: 'signature,provenance,sbom',
    description:
      'What that signer must have attached, comma-separated: `signature`, `provenance` and `sbom`; `rebuild` also builds the image again from the provenance and compares',
  },
  'require-repository': {
    kind: 'text',
    group: 'Supply chain',
    modes: ['verify'],
    description: 'Repository that the provenance must name (`acme/app`); on a runner, that of the workflow by default',
  },
  'require-workflow': {
    kind: 'text',
    group: 'Supply chain',
    modes: ['verify'],
    description: 'Workflow file that the provenance must name (`.github/workflows/build.yml`)',
  },
  'require-ref': {
    kind: 'text',
    group: 'Supply chain',
    modes: ['verify'],
    description: 'Git ref that the provenance must name (`refs/heads/main`)',
  },
  compression: {
    kind: 'text',
    group: 'Layers and reuse',
    description:
      '`gzip`, `zstd`, `zstd:chunked` or `none` for every layer; default: gzip, leaving compressed layers unchanged',
  },
  'compression-level': {
    kind: 'text',
    group: 'Layers and reuse',
    description: '1 to 9 for gzip (default 1), 1 to 19 for zstd and zstd:chunked (default 3)',
  },
  reuse: {
    kind: 'text',
    group: 'Layers and reuse',
    modes: ['build', 'promote', 'push-layout'],
    default: 'verify',
    description: 'Whether to trust what manifests in the registry say about their layers: `trust`, `verify` or `off`',
  },
  'reuse-from': {
    kind: 'list',
    group: 'Layers and reuse',
    modes: ['build', 'promote', 'push-layout'],
    description: "Further images in registries whose layers may be reused, such as the default branch's tag",
  },
  rebuild: {
    kind: 'text',
    group: 'Store cache',
    default: 'auto',
    description:
      'Whether to build what an earlier run built from the same commit and inputs: `auto` (not if its result is known and the registry has its layers) or `always`',
  },
  cache: {
    kind: 'text',
    group: 'Store cache',
    default: 'true',
    description:
      'Restore store paths of earlier runs, and save those of this build: `true`, `false`, or `restore` (never save)',
  },
  'cache-save': {
    kind: 'text',
    group: 'Store cache',
    default: 'auto',
    description:
      'When to save: `auto` (on the default branch and, except in a registry, in pull requests from the repository itself), `true` or `false`',
  },
  'cache-key-files': {
    kind: 'list',
    group: 'Store cache',
    description: 'Glob patterns of further lock files for the cache key (`**/Cargo.lock`)',
  },
  'cache-key-extra': { kind: 'text', group: 'Store cache', description: 'Additional text for the cache key' },
  'cache-exclude-substitutable': {
    kind: 'flag',
    group: 'Store cache',
    default: 'false',
    description: 'Leave out paths that came from a binary cache',
  },
  'cache-max-size': {
    kind: 'text',
    group: 'Store cache',
    description: 'Maximum size of the store paths in an entry (`4GB`); the least useful are left out',
  },
  'cache-to': {
    kind: 'text',
    group: 'Store cache',
    description:
      "Where to keep the store cache instead of the runner's cache service: a directory (`/…`, `./…`), a registry (`oci://ghcr.io/acme/app-cache`) or a Nix binary cache (`file:///…`, `s3://…`, `https://…`)",
  },
  'cache-keep': {
    kind: 'text',
    group: 'Store cache',
    description:
      'Entries and results to keep in a registry: how many of each build (`10`), for how long (`14d`), or both (`10 14d`); older ones are deleted after a save',
  },
  'cache-signing-key': {
    kind: 'secret',
    group: 'Store cache',
    description: 'Secret key that signs entries and results in a registry and what is copied to a binary cache',
  },
  'nix-version': {
    kind: 'text',
    group: 'Nix',
    modes: buildingModes,
    description: 'Version to install if there is no Nix; an existing Nix (2.8 or newer) is used unchanged',
  },
  'nix-version-strict': {
    kind: 'flag',
    group: 'Nix',
    modes: buildingModes,
    default: 'false',
    description: 'Fail, instead of warning, if the existing Nix is not `nix-version`',
  },
  'nix-url': {
    kind: 'text',
    group: 'Nix',
    modes: buildingModes,
    description: 'Mirror of `https://releases.nixos.org/nix` to install from',
  },
  'nix-sha256': {
    kind: 'text',
    group: 'Nix',
    modes: buildingModes,
    description: 'SHA-256 of the release archive, for a version that this action does not know',
  },
  substituters: {
    kind: 'list',
    group: 'Nix',
    modes: buildingModes,
    description: 'Additional binary caches to fetch from',
  },
  'trusted-public-keys': {
    kind: 'list',
    group: 'Nix',
    modes: buildingModes,
    description: 'Public keys of these caches and of the entries in a registry, as `NAME:BASE64`',
  },
  builders: {
    kind: 'list',
    group: 'Nix',
    modes: buildingModes,
    description: 'Remote builders, one per line, as in `/etc/nix/machines`',
  },
  'nix-conf': {
    kind: 'list',
    group: 'Nix',
    modes: buildingModes,
    description: 'Additional lines for `nix.conf`; they override all other settings',
  },
  load: {
    kind: 'flag',
    group: 'Output',
    modes: ['build', 'promote', 'push-layout'],
    default: 'false',
    description: 'Load the image into the local container engine (docker, otherwise podman) under `tags`',
  },
  output: {
    kind: 'text',
    group: 'Output',
    modes: ['build', 'promote', 'push-layout'],
    description: 'Also write the image to `oci:DIR`, `oci-archive:FILE` or `docker-archive:FILE`',
  },
  'export-metadata': {
    kind: 'flag',
    group: 'Output',
    modes: describingModes,
    default: 'false',
    description: 'Set `DOCKER_METADATA_OUTPUT_*` for later steps, as docker/metadata-action does',
  },
} as const satisfies Readonly<Record<string, InputRow>>;

/** The name of an input. */
export type InputName = keyof typeof inputTable;

/** The names of all inputs, in the order of the table. */
export const inputNames = Object.keys(inputTable) as InputName[];

/** Whether an action of this mode has the input. */
export function takesInput(mode: Mode, name: InputName): boolean {
  const { modes: taking = ['build'] }: InputRow = inputTable[name];
  return taking.includes(mode);
}
