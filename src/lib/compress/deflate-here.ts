import { readFileSync } from 'node:fs';

/** A task: replaces the first `length` bytes of the block with their deflated form. */
export interface DeflateTask {
  readonly block: SharedArrayBuffer;
  readonly length: number;
  /** 1 to 9. */
  readonly level: number;
}

/** The exports of `scripts/deflate/deflate.c`. */
interface Deflate {
  readonly memory: { readonly buffer: ArrayBuffer };
  input_address(): number;
  output_address(): number;
  deflate(length: number, level: number): number;
}

/** The parts of WebAssembly that this file uses. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

let compiled: object | undefined;
let loaded: Deflate | undefined;

/** The compiled program and its instance; all threads share the compiled program. */
export function compileDeflate(): object {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./deflate.wasm', import.meta.url)));
  return compiled;
}

/** Uses the program that another thread has compiled. */
export function takeDeflate(program: object): void {
  compiled = program;
}

/** Deflates a block in place, in this thread; returns how many bytes it has now. */
export function deflateHere({ block, length, level }: DeflateTask): number {
  loaded ??= new WebAssembly.Instance(compileDeflate()).exports as Deflate;
  const { memory, input_address, output_address, deflate } = loaded;
  const [bytes, program] = [Buffer.from(block), Buffer.from(memory.buffer)];
  // Three times as fast as Uint8Array.set, which takes care of memory that threads share.
  bytes.copy(program, input_address(), 0, length);
  const size = deflate(length, level);
  program.copy(bytes, 0, output_address(), output_address() + size);
  return size;
}
