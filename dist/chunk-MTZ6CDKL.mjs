import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);

// src/lib/compress/deflate-here.ts
import { readFileSync } from "node:fs";
var compiled;
var loaded;
function compileDeflate() {
  compiled ??= new WebAssembly.Module(readFileSync(new URL("./deflate.wasm", import.meta.url)));
  return compiled;
}
function takeDeflate(program) {
  compiled = program;
}
function deflateHere({ block, length, level }) {
  loaded ??= new WebAssembly.Instance(compileDeflate()).exports;
  const { memory, input_address, output_address, deflate } = loaded;
  const bytes = new Uint8Array(block);
  new Uint8Array(memory.buffer, input_address()).set(bytes.subarray(0, length));
  const size = deflate(length, level);
  bytes.set(new Uint8Array(memory.buffer, output_address(), size));
  return size;
}

export {
  compileDeflate,
  takeDeflate,
  deflateHere
};
