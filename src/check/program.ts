/** How the kernel starts a file, according to its first bytes. */
export interface Program {
  /**
   * Absolute path of the dynamic loader, or of the interpreter of a script; undefined if it needs none, or if it is
   * unknown.
   */
  readonly interpreter?: string;
  /** The argument on the first line of a script. */
  readonly argument?: string;
  /** `e_machine` of an ELF file; undefined for a script. */
  readonly machine?: number;
}

const loaderHeader = 3;
/** PATH_MAX of Linux. */
const longestPath = 4096;
/** Linux reads no more of a script to find its interpreter: `BINPRM_BUF_SIZE`. */
const longestFirstLine = 256;

/** Parses the first bytes of a file; undefined if it is neither ELF nor a script. elf(5), execve(2). */
export function programOf(start: Buffer): Program | undefined {
  if (start.length > 2 && start[0] === 0x23 && start[1] === 0x21) return scriptOf(start);
  return start.length >= 52 && start.readUInt32BE(0) === 0x7f454c46 ? elfOf(start) : undefined;
}

function scriptOf(start: Buffer): Program | undefined {
  const end = start.indexOf('\n');
  const line = start.toString('utf8', 2, end < 0 ? Math.min(start.length, longestFirstLine) : end).trim();
  const [, interpreter, argument] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
  if (interpreter === undefined) return undefined;
  return { interpreter, ...(argument ? { argument } : {}) };
}

function elfOf(start: Buffer): Program {
  const is64 = start[4] === 2;
  const isLittle = start[5] === 1;
  const number = (at: number, size: 2 | 4 | 8) => {
    if (at + size > start.length) return Number.NaN;
    if (size === 8) return Number(isLittle ? start.readBigUInt64LE(at) : start.readBigUInt64BE(at));
    return isLittle ? start.readUIntLE(at, size) : start.readUIntBE(at, size);
  };
  const machine = number(18, 2);
  const headers = is64 ? number(32, 8) : number(28, 4);
  const headerSize = number(is64 ? 54 : 42, 2);
  const count = number(is64 ? 56 : 44, 2);
  for (let i = 0; i < count; i++) {
    const at = headers + i * headerSize;
    const type = number(at, 4);
    if (Number.isNaN(type)) break;
    if (type !== loaderHeader) continue;
    const offset = is64 ? number(at + 8, 8) : number(at + 4, 4);
    const size = is64 ? number(at + 32, 8) : number(at + 16, 4);
    // patchelf may move the path to the end of the file.
    if (!(size > 1 && size <= longestPath && offset + size <= start.length)) break;
    return { machine, interpreter: start.toString('utf8', offset, offset + size - 1) };
  }
  return { machine };
}

/** `e_machine` of the programs that a platform's kernel runs, by the architecture of an image config. elf.h */
const machines: Readonly<Record<string, readonly number[]>> = {
  amd64: [62, 3],
  '386': [3],
  arm64: [183, 40],
  arm: [40],
  riscv64: [243],
  ppc64le: [21],
  s390x: [22],
  loong64: [258],
};

/** Whether the program is for another architecture; false if either architecture is unknown. */
export function isForeign({ machine }: Program, architecture: string): boolean {
  const known = Object.hasOwn(machines, architecture) ? machines[architecture] : undefined;
  return machine !== undefined && known !== undefined && !known.includes(machine);
}
