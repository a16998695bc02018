const { setFlagsFromString } = globalThis.process.getBuiltinModule("node:v8");
// src/lib/tune-garbage-collection.ts
function tuneGarbageCollection() {
  setFlagsFromString("--heap-growing-percent=200");
  setFlagsFromString("--semi-space-growth-factor=1");
}

export {
  tuneGarbageCollection
};
