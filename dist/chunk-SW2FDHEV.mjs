import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  parseInputs
} from "./chunk-G22ZIC3K.mjs";
import {
  readInput
} from "./chunk-M62XANYN.mjs";

// src/commands/read-inputs.ts
function readInputs(flags, env) {
  return parseInputs((name) => name === "mode" ? "build" : readInput(name, flags, env));
}

export {
  readInputs
};
