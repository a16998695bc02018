import type { Program } from './program.ts';

/** A file of an image, with the properties that rules use. */
export interface FileEntry {
  readonly type: FileType;
  /** Permission bits, setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  /** Bytes of content. */
  readonly size: number;
  /** Target of a symlink. */
  readonly target?: string | undefined;
  /** How the kernel starts an executable file, if its first bytes show that. */
  readonly program?: Program | undefined;
  /** The whole content of /etc/passwd and /etc/group. */
  readonly text?: string | undefined;
}

export type FileType = 'file' | 'directory' | 'symlink' | 'other';

/** The files of a layer that rules use. Paths are absolute, without `.`, `..` and a slash at the end. */
export interface LayerFiles {
  /** All files except plain ones in store paths: those that are neither executable nor CA certificates. */
  readonly entries: ReadonlyMap<string, FileEntry>;
  /** Paths that the layer removes from those below it. OCI image-spec layer.md, "Whiteouts". */
  readonly removed: ReadonlySet<string>;
  /** Directories whose content in the layers below is hidden. */
  readonly opaque: ReadonlySet<string>;
  /** Size of each store path, in bytes. */
  readonly storeSizes: ReadonlyMap<string, number>;
  /** Files with secrets, and the kind of each. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Store paths, and places outside the store, that only builds need, each with its kind. */
  readonly buildTools: ReadonlyMap<string, string>;
  /** A TLS library, if there is one. */
  readonly tlsLibrary?: string | undefined;
  /** A bundle of CA certificates, if there is one. */
  readonly certificates?: string | undefined;
  /** False if the tar could not be read to its end, or has more files than are kept. */
  readonly isComplete: boolean;
}

/** Bytes of paths, targets and texts that may still be kept, for all layers together. */
export interface FileBudget {
  left: number;
}

/** Enough for about 100,000 files that rules use. */
export const mostFileBytes = 16 << 20;
