import { Failure } from '../lib/failure.ts';
import { formatReference } from '../oci/reference.ts';
import { type InputName, takesInput } from './input-table.ts';
import type { Inputs } from './inputs.ts';
import { isPath } from './is-path.ts';
import { type Mode, modes } from './mode.ts';

/** Rejects inputs that contradict each other. */
export function checkTogether(inputs: Inputs): void {
  const { builds, tagging, metadata, push, load, buildArgs, impure } = inputs;
  const mayHaveTags = tagging.references.length > 0 || tagging.rules !== undefined || metadata !== undefined;
  for (const [name, wanted] of Object.entries({ push, load })) {
    if (wanted && !mayHaveTags)
      throw new Failure(`Cannot ${name}: tags is empty. Give at least one reference in tags.`);
  }
  if (builds.some(({ source }) => source.kind === 'path') && (buildArgs.length > 0 || impure)) {
    throw new Failure('Cannot use build-args or impure together with path: nothing is built. Remove one of them.');
  }
  if (builds.some(({ source }) => source.kind === 'path') && inputs.checkReproducible) {
    throw new Failure('Cannot use check-reproducible together with path: nothing is built. Remove one of them.');
  }
  if (builds.length > 1 && (load || inputs.output?.kind === 'docker-archive')) {
    throw new Failure(
      `Cannot ${load ? 'load' : 'write a docker-archive of'} an image for ${builds.length} platforms: only one is possible. Keep one line in installable.`,
    );
  }
  if (inputs.cache.binaryCache !== undefined && inputs.cache.maxSize !== undefined) {
    throw new Failure(
      'Cannot use cache-max-size with a binary cache in cache-to: such a cache has no entries to limit. Remove one of them.',
    );
  }
  if (inputs.cache.keep !== undefined && inputs.cache.registry === undefined) {
    throw new Failure(
      'Cannot use cache-keep: it deletes entries of a registry, and cache-to names none. Give oci://HOST/PATH in cache-to.',
    );
  }
  checkSbom(inputs);
  if (inputs.attest.provenance && inputs.attest.signer === undefined) {
    throw new Failure('Cannot attach provenance that nobody signs: set sign: keyless, or give a signing-key.');
  }
  if (inputs.attest.toGitHub && inputs.attest.signer?.kind !== 'keyless') {
    throw new Failure("Cannot use attest-to-github: GitHub's API takes what a workflow signs. Set sign: keyless.");
  }
  if (inputs.mode === 'index' && inputs.sources.length === 0)
    throw new Failure('Cannot make an index: sources is empty. List the images that the platform jobs pushed.');
  if (inputs.mode === 'promote' && inputs.from === undefined)
    throw new Failure('Cannot promote: from is empty. Give the reference of an image, or the path of an OCI layout.');
  checkRequired(inputs);
  if (inputs.mode === 'push-layout' && builds[0]?.source.kind !== 'path')
    throw new Failure('Cannot push a layout: path is empty. Give the directory or tar archive that it is in.');
  if (inputs.pushByDigest && inputs.ifExists !== 'overwrite')
    throw new Failure('Cannot use if-exists with push-by-digest: no tag is moved. Remove one of them.');
}

/** A demand that reaches no image would be a false sense of security. */
function checkRequired({ mode, image, base, from, reuseFrom, require }: Inputs): void {
  const { signer } = require;
  if (mode === 'verify') {
    checkNamed(require);
    if (image === undefined) throw new Failure('Cannot verify: image is empty. Give the reference of an image.');
    if (signer !== undefined) return;
    throw new Failure(
      'Cannot verify: no signer is named. Give an identity in require-signed, or a key in require-key.',
    );
  }
  if (signer === undefined || !takesInput(mode, 'require-signed')) return;
  const name = signer.kind === 'key' ? 'require-key' : 'require-signed';
  const files = {
    base: isPath(base ?? '') ? base : undefined,
    from: from !== undefined && 'layout' in from && from.layout,
  };
  for (const [input, file] of Object.entries(files)) {
    if (!file) continue;
    throw new Failure(`Cannot use ${name} with ${input}: the file ${file} has no signatures. Give a reference.`);
  }
  if (base !== undefined || from !== undefined || reuseFrom.length > 0) return;
  throw new Failure(
    `Cannot use ${name}: the step uses no image that could be signed. Set ${mode === 'build' ? 'base or ' : ''}reuse-from, or remove it.`,
  );
}

/** Only provenance names a repository, a workflow and a ref. */
function checkNamed({ parts, repository, workflow, ref }: Inputs['require']): void {
  if (parts.includes('provenance')) return;
  const demands = { 'require-repository': repository, 'require-workflow': workflow, 'require-ref': ref };
  for (const [name, value] of Object.entries(demands)) {
    if (value === undefined) continue;
    throw new Failure(
      `Cannot use ${name}: require does not have provenance, which alone names it. Add provenance to require.`,
    );
  }
}

/** Each document has a file of its own. */
function checkSbom({ sbom: { formats, file }, builds }: Inputs): void {
  if (file === undefined) return;
  if (formats.length === 0) {
    throw new Failure('Cannot write sbom-file: sbom names no format. Give cyclonedx, spdx or both in sbom.');
  }
  for (const [word, count] of Object.entries({ format: formats.length, platform: builds.length })) {
    if (count < 2 || file.includes(`{{${word}}}`)) continue;
    throw new Failure(
      `Cannot write ${count} documents to sbom-file ${file}. Write {{${word}}} where their names differ.`,
    );
  }
}

/** Rejects inputs that the mode does not have; `names` lists those that differ from their default. */
export function rejectForeignInputs(mode: Mode, names: readonly InputName[]): void {
  const foreign = names.filter(name => !takesInput(mode, name));
  const [first] = foreign;
  if (first === undefined) return;
  if (takesInput('build', first)) {
    const names = foreign.filter(name => takesInput('build', name)).join(', ');
    throw new Failure(`Cannot use ${names} in the ${mode} action: only the build action accepts this. Remove it.`);
  }
  const taking = modes.filter(one => takesInput(one, first)).join(' or ');
  throw new Failure(`Cannot use ${first} in the ${mode} action: only ${taking} accepts this. Remove it.`);
}

/** With `push-by-digest` and without rules, `tags` names repositories. */
export function rejectTags(text: string): void {
  const tagged = text.split(/[\r\n,]+/).find(item => /^[^=]*:[^/=]*$/.test(item.trim()));
  if (tagged === undefined) return;
  throw new Failure(
    `Cannot push ${tagged.trim()} by digest: it has a tag. With push-by-digest, tags names the repository alone, as in ghcr.io/acme/app.`,
  );
}

/** Images of one step must not overwrite each other. Tags that rules give are checked when they are known. */
export function checkApart(images: readonly [Inputs, ...Inputs[]]): void {
  const targets = images.flatMap(({ output, pushByDigest, tagging, sbom }) => [
    ...(sbom.file === undefined ? [] : [sbom.file]),
    ...(output === undefined ? [] : [`${output.kind}:${output.path}`]),
    ...(pushByDigest ? [] : tagging.references.map(formatReference)),
  ]);
  expectApart(targets);
}

/** Of several images no two may have the same file, layout or reference. */
export function expectApart(targets: readonly string[]): void {
  const twice = targets.find((target, i) => targets.indexOf(target) !== i);
  if (twice === undefined) return;
  throw new Failure(
    `Cannot build several images: more than one of them would use ${twice}. Write {{name}} where their names differ.`,
  );
}
