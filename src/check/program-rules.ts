import { posix } from 'node:path';
import { type CheckedImage, textAt, textsAt } from './checked-image.ts';
import type { Found } from './image-files.ts';
import type { FileEntry } from './layer-files.ts';
import { isForeign } from './program.ts';

/** A program that the container starts; neither entry nor fault if an unread layer or a volume may have it. */
interface LocatedProgram {
  readonly path: string;
  readonly entry?: FileEntry;
  readonly fault?: string;
}

/** The PATH that engines use if the image sets none. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Most steps from a program to its interpreter, to the program that `env` starts, and to their loaders. */
const mostPrograms = 10;

/** The program that the container starts must be an executable file of the image. */
export function findMissingCommand(image: CheckedImage): string[] {
  const fault = commandOf(image)?.fault;
  return fault === undefined ? [] : [fault];
}

/** The loader or interpreter of that program must be an executable file of the image too. */
export function findMissingInterpreter(image: CheckedImage): string[] {
  const [, ...interpreters] = startedPrograms(image);
  return interpreters.flatMap(({ fault }) => fault ?? []);
}

/** Programs and interpreters must be for the architecture of the image. */
export function findForeignPrograms(image: CheckedImage): string[] {
  const architecture = textAt(image.json, 'architecture');
  return startedPrograms(image).flatMap(({ path, entry }) =>
    entry?.program !== undefined && isForeign(entry.program, architecture)
      ? [`${path} is for another architecture than ${architecture}`]
      : [],
  );
}

/** The command, then the interpreters that it needs. */
function startedPrograms(image: CheckedImage): LocatedProgram[] {
  const command = commandOf(image);
  const programs = command === undefined ? [] : [command];
  for (const program of programs) {
    if (programs.length < mostPrograms) programs.push(...interpretersOf(program, image));
  }
  return programs;
}

function interpretersOf({ path, entry }: LocatedProgram, image: CheckedImage): LocatedProgram[] {
  const { interpreter, argument = '', machine } = entry?.program ?? {};
  if (interpreter === undefined) return [];
  const found = locate(interpreter, image);
  const of = (located: LocatedProgram) =>
    located.fault === undefined ? located : { ...located, fault: `${located.fault}, and ${path} needs it` };
  const isEnv = machine === undefined && posix.basename(interpreter) === 'env';
  const started = isEnv ? argument.split(/\s+/).find(word => word !== '' && !/^-|=/.test(word)) : undefined;
  return [of(found), ...(started === undefined ? [] : [of(locate(started, image))])];
}

/** The first word of the entrypoint, else of the command; undefined if the image has neither. */
function commandOf(image: CheckedImage): LocatedProgram | undefined {
  const [name] = [...textsAt(image.container, 'Entrypoint'), ...textsAt(image.container, 'Cmd')];
  return name === undefined ? undefined : locate(name, image);
}

function locate(name: string, { files, env, container }: CheckedImage): LocatedProgram {
  const search = env.get('PATH') ?? defaultPath;
  const isSearched = !name.includes('/');
  const directories = isSearched ? search.split(':').filter(Boolean) : [textAt(container, 'WorkingDir')];
  const candidates = directories.map(directory => posix.resolve('/', directory, name));
  const found = candidates.map(path => ({ path, entry: files.find(path) }));
  for (const { path, entry } of found) {
    if (isExecutable(entry)) return { path, entry };
  }
  if (found.some(({ entry }) => entry === 'unknown')) return { path: name };
  const [first] = found;
  if (isSearched) return { path: name, fault: `${name} is in no directory of PATH (${search})` };
  return { path: name, fault: `${name} ${faultOf(first?.entry ?? 'absent')}` };
}

function isExecutable(entry: Found): entry is FileEntry {
  return typeof entry !== 'string' && entry.type === 'file' && (entry.mode & 0o111) !== 0;
}

function faultOf(entry: Found): string {
  if (entry === 'absent') return 'is not in the image';
  if (typeof entry === 'string' || entry.type !== 'file') return 'is not an executable file of the image';
  return `is not executable (mode ${entry.mode.toString(8).padStart(4, '0')})`;
}
