import type { ImageSource, Inputs } from '../../inputs/inputs.ts';
import { oneLine } from '../../lib/printable.ts';
import type { Runtime } from '../../runtime.ts';

/** Most names of changed files in a warning, and most characters of each. */
const [mostNames, longestName] = [3, 100];

/**
 * The images whose files differ from the commit in the checkout, with a warning. Only builds from the checkout count:
 * no prebuilt path, and no flake from elsewhere.
 */
export async function findChanged(images: readonly Inputs[], runtime: Runtime): Promise<ReadonlySet<Inputs>> {
  const { log, context } = runtime;
  const affected = images.filter(inputs => isBuiltFromCheckout(inputs, runtime));
  if (affected.length === 0 || context.revision === undefined) return new Set();
  const files = await runtime.changedFiles();
  if (files === undefined) {
    log.info('git cannot tell whether files of the checkout differ from the commit that the labels name.');
    return new Set();
  }
  if (files.length === 0) return new Set();
  log.warning(
    `${files.length === 1 ? 'One tracked file differs' : `${files.length} tracked files differ`} from the commit ` +
      `(${namesOf(files)}). The revision label ends in "-dirty", and created: commit keeps the build's time. ` +
      'Commit the change or restore the files, or set created to choose a time.',
  );
  return new Set(affected);
}

function namesOf(files: readonly string[]): string {
  const names = files.slice(0, mostNames).map(file => oneLine(file, longestName));
  return [...names, ...(files.length > mostNames ? ['…'] : [])].join(', ');
}

function isBuiltFromCheckout({ mode, builds, contents }: Inputs, runtime: Runtime): boolean {
  if (mode !== 'build' || builds.some(({ source }) => source.kind === 'path')) return false;
  const sources = [...builds.map(({ source }) => directoryOf(source)), ...contents.map(directoryOfFlake)];
  return sources.some(directory => directory !== undefined && isInCheckout(directory, runtime));
}

/** A flake in a directory below the checkout may be part of a larger one, so one above counts too. */
function isInCheckout(path: string, { resolve, directory }: Runtime): boolean {
  const [source, checkout] = [`${resolve(path)}/`, `${directory}/`];
  return source.startsWith(checkout) || checkout.startsWith(source);
}

function directoryOf(source: ImageSource): string | undefined {
  if (source.kind === 'installable') return directoryOfFlake(source.installable);
  return source.kind === 'file' ? source.file.replace(/[^/]*$/, '') : undefined;
}

/**
 * The directory of a local flake: `.#app`, `./sub?dir=x#app`, `#app`, `path:.#app`, `git+file:///src#app`.
 * nix3-flake(1), "Flake references"
 */
function directoryOfFlake(installable: string): string | undefined {
  const reference = installable.replace(/[?#].*$/s, '').replace(/^(?:path|git\+file):(?:\/\/(?=\/))?/, '');
  return /^(?:$|[./])/.test(reference) ? reference : undefined;
}
