const { parentPort, workerData } = globalThis.process.getBuiltinModule("node:worker_threads");
const { readFileSync } = globalThis.process.getBuiltinModule("node:fs");
// src/lib/compress/deflate-worker.ts

// src/lib/compress/deflate-here.ts
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
  const [bytes, program] = [Buffer.from(block), Buffer.from(memory.buffer)];
  bytes.copy(program, input_address(), 0, length);
  const size = deflate(length, level);
  program.copy(bytes, 0, output_address(), output_address() + size);
  return size;
}

// src/lib/compress/deflate-worker.ts
takeDeflate(workerData);
parentPort?.on("message", (task) => parentPort?.postMessage(deflateHere(task)));
