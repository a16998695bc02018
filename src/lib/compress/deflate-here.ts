import { readFileSync } from 'node:fs';

/** What is to be done: the first `length` bytes of the block become what they are deflated to. */
export interface DeflateTask {
  readonly block: SharedArrayBuffer;
  readonly length: number;
  /** 1 to 9. */
  readonly level: number;
}

/** What `scripts/deflate/deflate.c` exports. */
interface Deflate {
  readonly memory: { readonly buffer: ArrayBuffer };
  input_address(): number;
  output_address(): number;
  deflate(length: number, level: number): number;
}

/** Of all of WebAssembly what is used here. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
};

let compiled: object | undefined;
let loaded: Deflate | undefined;

/** The program; threads have it together, with what becomes of it while it runs. */
export function compileDeflate(): object {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./deflate.wasm', import.meta.url)));
  return compiled;
}

/** Takes the program that another thread has compiled. */
export function takeDeflate(program: object): void {
  compiled = program;
}

/** Deflates a block in its place, in this thread; says how many bytes it became. */
export function deflateHere({ block, length, level }: DeflateTask): number {
  loaded ??= new WebAssembly.Instance(compileDeflate()).exports as Deflate;
  const { memory, input_address, output_address, deflate } = loaded;
  const bytes = new Uint8Array(block);
  new Uint8Array(memory.buffer, input_address()).set(bytes.subarray(0, length));
  const size = deflate(length, level);
  bytes.set(new Uint8Array(memory.buffer, output_address(), size));
  return size;
}
