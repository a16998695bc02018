import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);

// src/lib/compress/deflate-worker.ts
import { parentPort, workerData } from "node:worker_threads";

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
  const bytes = Buffer.from(block);
  bytes.copy(new Uint8Array(memory.buffer), input_address(), 0, length);
  const size = deflate(length, level);
  bytes.set(new Uint8Array(memory.buffer, output_address(), size));
  return size;
}

// src/lib/compress/deflate-worker.ts
takeDeflate(workerData);
parentPort?.on("message", (task) => parentPort?.postMessage(deflateHere(task)));
