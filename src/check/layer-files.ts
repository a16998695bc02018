import type { Program } from './program.ts';

/** A file of an image, as far as rules ask for it. */
export interface FileEntry {
  readonly type: FileType;
  /** Permission bits, setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  /** Bytes of content. */
  readonly size: number;
  /** Target of a symlink. */
  readonly target?: string | undefined;
  /** Of an executable file, if its first bytes are understood. */
  readonly program?: Program | undefined;
  /** The whole content of /etc/passwd and /etc/group. */
  readonly text?: string | undefined;
}

export type FileType = 'file' | 'directory' | 'symlink' | 'other';

/** What the rules need of the files of a layer. Paths are absolute, without `.`, `..` and a slash at the end. */
export interface LayerFiles {
  /** All files except plain ones in store paths: those that are neither executable nor CA certificates. */
  readonly entries: ReadonlyMap<string, FileEntry>;
  /** Paths that the layer removes from those below it. OCI image-spec layer.md, "Whiteouts". */
  readonly removed: ReadonlySet<string>;
  /** Directories whose content in the layers below is hidden. */
  readonly opaque: ReadonlySet<string>;
  /** Bytes by store path. */
  readonly storeSizes: ReadonlyMap<string, number>;
  /** Files with secrets, and the kind of each. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Store paths, and places outside the store, that only builds need, and what they have. */
  readonly buildTools: ReadonlyMap<string, string>;
  /** A library for TLS, if there is one. */
  readonly tlsLibrary?: string | undefined;
  /** A bundle of CA certificates, if there is one. */
  readonly certificates?: string | undefined;
  /** False if the tar could not be read to its end, or has more files than are kept. */
  readonly isComplete: boolean;
}

/** How much more may be kept of the files of all layers: bytes of paths, targets and texts. */
export interface FileBudget {
  left: number;
}

/** About 100,000 files of those that rules ask for. */
export const mostFileBytes = 16 << 20;
