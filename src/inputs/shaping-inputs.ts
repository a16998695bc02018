import { compressionName, defaultCompression } from '../pack/compression.ts';
import type { InputName } from './input-table.ts';
import type { Inputs } from './inputs.ts';

/**
 * What an input adds to the key of a result: a JSON value, equal for equal images; `false` if it does not shape the
 * image.
 */
type Share = ((inputs: Inputs) => unknown) | false;

/**
 * For every input whether it shapes the image, or decides what is trusted to shape it, or accepted. Labels, tags and
 * where an image goes do not: they are added to a result. A new input has to be added here.
 */
const shares: Readonly<Record<InputName, Share>> = {
  mode: false,
  installable: ({ name, builds }) => [name, builds],
  file: ({ builds }) => builds,
  attr: ({ builds }) => builds,
  path: ({ builds }) => builds,
  from: false,
  sources: false,
  'build-args': ({ buildArgs }) => buildArgs,
  impure: ({ impure }) => impure,
  native: ({ native }) => native,
  'prefer-stream': ({ preferStream }) => preferStream,
  'image-name': ({ imageName }) => imageName,
  platform: ({ platforms }) => platforms,
  config: ({ config }) => config,
  contents: ({ contents }) => contents,
  user: ({ user }) => user,
  base: ({ base }) => base,
  layering: ({ layering }) => layering,
  'max-layers': ({ maxLayers }) => maxLayers,
  images: false,
  tags: false,
  flavor: false,
  labels: false,
  annotations: false,
  annotate: false,
  metadata: false,
  revision: false,
  created: false,
  'allow-labels': false,
  push: false,
  'push-by-digest': false,
  'if-exists': false,
  'dry-run': false,
  preflight: false,
  // A result was accepted by these rules, and its files are not looked at again.
  check: ({ check }) => check,
  'check-ignore': ({ checkIgnore }) => checkIgnore,
  comment: false,
  username: false,
  password: false,
  'github-token': false,
  'insecure-registries': false,
  compression: ({ compression = defaultCompression }) => compressionName(compression),
  // Without either, compressed layers stay unchanged.
  'compression-level': ({ compression }) => compression !== undefined,
  reuse: ({ reuse }) => reuse,
  'reuse-from': false,
  rebuild: false,
  cache: false,
  'cache-save': false,
  'cache-key-files': false,
  'cache-key-extra': ({ cache }) => cache.keyExtra,
  'cache-exclude-substitutable': false,
  'cache-max-size': false,
  'cache-keep': false,
  'cache-to': false,
  'cache-signing-key': false,
  'nix-version': ({ nix }) => nix.nixVersion,
  'nix-version-strict': ({ nix }) => nix.nixVersionStrict,
  'nix-url': ({ nix }) => nix.nixUrl,
  'nix-sha256': ({ nix }) => nix.nixSha256,
  substituters: ({ nix }) => nix.substituters,
  'trusted-public-keys': ({ nix }) => nix.trustedPublicKeys,
  builders: ({ nix }) => nix.builders,
  'nix-conf': ({ nix }) => nix.nixConf.filter(line => !isToken(line)),
  sign: false,
  'signing-key': false,
  provenance: false,
  sbom: false,
  'sbom-file': false,
  // A result was built and packed twice, and its run compared the files.
  'check-reproducible': ({ checkReproducible }) => checkReproducible,
  'nix-db': ({ nixDb }) => nixDb,
  'allow-unattested': false,
  'attest-to-github': false,
  'signing-config': false,
  image: false,
  // Reused layers may come from images that a result did not have to ask for their signer.
  'require-signed': ({ require }) => require.signer,
  'require-issuer': false,
  'require-key': false,
  'trusted-root': false,
  require: false,
  'require-repository': false,
  'require-workflow': false,
  'require-ref': false,
  load: false,
  output: false,
  'export-metadata': false,
};

/** A token decides what may be fetched, not what it is, and differs in every job. */
function isToken(line: string): boolean {
  return /^(extra-)?access-tokens\s*=/.test(line);
}

/** Everything in the inputs that shapes the image, by input. */
export function shapingInputs(inputs: Inputs): Readonly<Record<string, unknown>> {
  const shaping = Object.entries(shares).flatMap(([name, share]) =>
    share === false ? [] : [[name, share(inputs) ?? null] as const],
  );
  return Object.fromEntries(shaping);
}
