import { describingLabels } from '../metadata/allowed-labels.ts';
import { parseCreated } from '../metadata/created.ts';
import { parseAnnotations, parseLabels } from '../metadata/labels.ts';
import { parseTagging, parseTags } from '../metadata/tags.ts';
import { checkApart, checkTogether, rejectForeignInputs, rejectTags } from './check-inputs.ts';
import { type InputName, type InputRow, inputNames, inputTable } from './input-table.ts';
import {
  linesOf,
  parseAnnotate,
  parseBuildArgs,
  parseConfig,
  parseFlag,
  parseFrom,
  parseGivenCompression,
  parseHosts,
  parseLayering,
  parseLogin,
  parseMaxLayers,
  parseMaxSize,
  parseMetadata,
  parseOneOf,
  parseOutput,
  parsePlatforms,
  parsePublicKeys,
  parseRuleIds,
  parseSbom,
  parseStrict,
  wordsOf,
} from './input-values.ts';
import type { Inputs } from './inputs.ts';
import { imageNamesOf, installableLines, parseBuilds } from './installable-lines.ts';
import { modes } from './mode.ts';
import { parseCacheKeep, parseCacheTo } from './parse-cache-to.ts';
import {
  parseRequiredParts,
  parseRequiredRef,
  parseRequiredRepository,
  parseRequiredSigner,
} from './parse-required.ts';
import { parseSigner } from './parse-signer.ts';

/**
 * Parses and checks all inputs, once per image of the step. `read` returns the raw text of an input, empty if it is not
 * set. `{{name}}` in any input is replaced by the name of the image.
 */
export function parseImages(read: (name: InputName) => string): [Inputs, ...Inputs[]] {
  const [first, ...others] = imageNamesOf(installableLines(read('installable')));
  const of = (name: string) => parseInputs(input => read(input).replaceAll('{{name}}', name), name);
  const images: [Inputs, ...Inputs[]] = first === undefined ? [parseInputs(read)] : [of(first), ...others.map(of)];
  checkApart(images);
  return images;
}

/** Reads and checks every input for one image; `name` selects it if the step has several. */
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
  const optional = <K extends string>(key: K, name: InputName) =>
    (word(name) === '' ? {} : { [key]: word(name) }) as { readonly [key in K]?: string };
  const flag = (name: InputName) => parseFlag(name, word(name));
  const lines = (name: InputName) => linesOf(text(name));

  const isPublic = (name: InputName) => inputTable[name].kind !== 'secret';
  const given = inputNames.filter(name => isPublic(name) && isGiven(name));

  const inputs: Inputs = {
    given: Object.fromEntries(given.map(name => [name, word(name)])),
    mode: parseOneOf('mode', word('mode'), modes),
    name,
    builds: parseBuilds(
      installableLines(text('installable')).filter(line => line.name === name),
      { ...optional('file', 'file'), ...optional('attr', 'attr'), ...optional('path', 'path') },
    ),
    pushByDigest: flag('push-by-digest'),
    comment: flag('comment'),
    ifExists: parseOneOf('if-exists', word('if-exists'), ['overwrite', 'error', 'skip']),
    sources: text('sources').trimStart().startsWith('[') ? [text('sources').trim()] : lines('sources'),
    ...parseFrom(word('from')),
    ...optional('image', 'image'),
    allowLabels: word('allow-labels') === '' ? describingLabels : lines('allow-labels'),
    buildArgs: parseBuildArgs(lines('build-args')),
    impure: flag('impure'),
    native: parseOneOf('native', word('native'), ['auto', 'require', 'off']),
    preferStream: flag('prefer-stream'),
    ...optional('imageName', 'image-name'),
    platforms: parsePlatforms(word('platform'), word('mode')),
    ...parseConfig(word('config')),
    contents: lines('contents'),
    ...optional('user', 'user'),
    ...optional('base', 'base'),
    ...parseLayering(word('layering')),
    ...parseMaxLayers(word('max-layers')),
    nixDb: flag('nix-db'),
    checkReproducible: flag('check-reproducible'),
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
    check: parseOneOf('check', word('check'), ['warn', 'error', 'off']),
    checkIgnore: parseRuleIds(lines('check-ignore').flatMap(wordsOf)),
    preflight: flag('preflight'),
    attest: {
      ...parseSigner({
        sign: word('sign'),
        pem: word('signing-key'),
        config: word('signing-config'),
        trustedRoot: word('trusted-root'),
      }),
      provenance: flag('provenance'),
      allowUnattested: flag('allow-unattested'),
      toGitHub: flag('attest-to-github'),
    },
    require: {
      ...parseRequiredSigner({
        identities: lines('require-signed'),
        issuer: word('require-issuer'),
        key: word('require-key'),
        trustedRoot: word('trusted-root'),
        sign: word('sign'),
      }),
      parts: parseRequiredParts(word('require')),
      ...parseRequiredRepository(word('require-repository')),
      ...optional('workflow', 'require-workflow'),
      ...parseRequiredRef(word('require-ref')),
    },
    sbom: { formats: parseSbom(word('sbom')), ...optional('file', 'sbom-file') },
    ...(word('output') === '' ? {} : { output: parseOutput(word('output')) }),
    ...parseLogin(word('username'), word('password')),
    ...optional('githubToken', 'github-token'),
    insecureRegistries: parseHosts(lines('insecure-registries')),
    nix: {
      ...optional('nixVersion', 'nix-version'),
      ...optional('nixUrl', 'nix-url'),
      ...optional('nixSha256', 'nix-sha256'),
      nixVersionStrict: parseStrict(word('nix-version'), flag('nix-version-strict')),
      substituters: lines('substituters').flatMap(wordsOf),
      trustedPublicKeys: parsePublicKeys(lines('trusted-public-keys').flatMap(wordsOf)),
      builders: lines('builders'),
      nixConf: lines('nix-conf'),
    },
    rebuild: parseOneOf('rebuild', word('rebuild'), ['auto', 'always']),
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
      ...parseCacheTo(word('cache-to'), word('cache-signing-key')),
      ...parseCacheKeep(word('cache-keep')),
    },
  };
  checkTogether(inputs);
  rejectForeignInputs(inputs.mode, inputNames.filter(isGiven));
  if (inputs.pushByDigest) rejectTags(text('tags'));
  return inputs;
}
