import { posix } from 'node:path';
import { buildToolAt, isCertificates, isTlsLibrary } from './file-names.ts';
import type { FileBudget, FileEntry, FileType, LayerFiles } from './layer-files.ts';
import { programOf } from './program.ts';
import { credentialsIn, isSample, secretIn } from './secrets.ts';
import { storePathIn } from './store-place.ts';

/** A member of a layer. */
export interface LayerMember {
  /** As written in the tar. */
  readonly name: string;
  readonly type: FileType | 'hardlink';
  readonly mode: number;
  readonly uid: number;
  readonly size: number;
  /** Empty for all but links. */
  readonly linkname: string;
}

/** Collects what rules need of the members of a layer. */
export interface FileCollector {
  /** Takes a member and the first bytes of its content. The bytes are valid only during the call. */
  add(member: LayerMember, start: Buffer): void;
  /** The collected files; `isWhole` is false if the caller did not pass all members. */
  end(isWhole: boolean): LayerFiles;
}

/** Bytes at the start of a file that are searched for secrets and for the program headers of ELF. */
export const startSize = 4 << 10;

/** Larger files are treated as data, not text. Bytes. */
const largestText = 1 << 20;
/** Most files and store paths that one rule names. */
const mostNamed = 1000;

/** Rough overhead of each kept text in bytes, including the record of its file. */
const overhead = 100;

/** Mode bits that make a file worth keeping: execution, writing by everyone, setuid and setgid. */
const keptModes = 0o6113;
const whiteout = '.wh.';
const opaqueWhiteout = '.wh..wh..opq';

export function collectFiles(budget: FileBudget): FileCollector {
  const entries = new Map<string, FileEntry>();
  const [removed, opaque] = [new Set<string>(), new Set<string>()];
  const storeSizes = new Map<string, number>();
  const [secrets, buildTools] = [new Map<string, string>(), new Map<string, string>()];
  const first: { tlsLibrary?: string; certificates?: string } = {};
  let isComplete = true;

  /** The directory of the file that was kept last; the files after it are often in the same one. */
  let directory = '/';
  const spend = (text: string) => {
    budget.left -= text.length + overhead;
    if (budget.left < 0) isComplete = false;
    return isComplete;
  };
  const keep = (path: string, entry: FileEntry) => {
    if (!spend(path) || !spend(entry.target ?? entry.text ?? '')) return;
    entries.set(path, entry);
    const parent = parentOf(path);
    if (parent === directory) return;
    directory = parent;
    // Engines create the parent directories that a tar omits.
    for (let at = parent; at !== '/' && !entries.has(at) && spend(at); at = parentOf(at)) {
      entries.set(at, { type: 'directory', mode: 0o755, uid: 0, size: 0 });
    }
  };
  const addTo = (named: Map<string, string>, path: string, kind: string) => {
    if (named.size < mostNamed && spend(path)) named.set(path, kind);
  };
  const addWhiteout = (path: string, base: string) => {
    if (!spend(path)) return;
    if (base === opaqueWhiteout) opaque.add(parentOf(path));
    else removed.add(posix.join(parentOf(path), base.slice(whiteout.length)));
  };
  const addName = (path: string, storePath: string | undefined, member: LayerMember) => {
    if (storePath !== undefined && member.size > 0) {
      const before = storeSizes.get(storePath);
      if (before !== undefined || spend(storePath)) storeSizes.set(storePath, (before ?? 0) + member.size);
    }
    if (isTlsLibrary(path) && spend(path)) first.tlsLibrary ??= path;
    if (isCertificates(path) && spend(path)) first.certificates ??= path;
    const tool = buildToolAt(path, (member.mode & 0o111) !== 0);
    if (tool !== undefined) addTo(buildTools, storePath ?? tool.place, tool.kind);
  };
  const addContent = (path: string, { size }: LayerMember, start: Buffer) => {
    if (size === 0 || size > largestText || start.includes(0) || isSample(path)) return;
    const text = start.toString('latin1');
    const kind = secretIn(text) ?? credentialsIn(path, text);
    if (kind !== undefined) addTo(secrets, path, kind);
  };
  return {
    add(member, start) {
      const path = cleanPath(member.name);
      const base = path.slice(path.lastIndexOf('/') + 1);
      if (base.startsWith(whiteout)) return addWhiteout(path, base);
      const storePath = storePathIn(path);
      const isPlain = member.type === 'file' && (member.mode & keptModes) === 0;
      if (member.type !== 'directory') addName(path, storePath, member);
      if (member.type === 'file') addContent(path, member, start);
      if (isPlain && storePath !== undefined && storePath !== path && !isCertificates(path)) return;
      const linked = member.type === 'hardlink' ? entries.get(cleanPath(member.linkname)) : undefined;
      keep(path, linked ?? entryOf(path, member, start));
    },
    end: isWhole => ({
      ...{ entries, removed, opaque, storeSizes, secrets, buildTools, ...first },
      isComplete: isComplete && isWhole,
    }),
  };
}

function entryOf(path: string, { type, mode, uid, size, linkname }: LayerMember, start: Buffer): FileEntry {
  const program = (mode & 0o111) !== 0 && size > 0 ? programOf(start) : undefined;
  const isAccounts = path === '/etc/passwd' || path === '/etc/group';
  return {
    type: type === 'hardlink' ? 'file' : type,
    mode: mode & 0o7777,
    uid,
    size,
    target: type === 'symlink' ? linkname : undefined,
    program,
    text: isAccounts && type === 'file' && start.length === size ? start.toString('utf8') : undefined,
  };
}

/** An absolute path without `.`, `..` and a slash at the end. */
function cleanPath(name: string): string {
  const path = name.startsWith('/') ? name : `/${name}`;
  if (path.includes('//') || path.includes('/.')) return posix.resolve('/', path);
  return path.endsWith('/') && path !== '/' ? path.slice(0, -1) : path;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
