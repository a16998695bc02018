import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  parseInputs
} from "./chunk-ZUR3OPYL.mjs";
import {
  readInput
} from "./chunk-CLCW7DB6.mjs";

// src/commands/read-inputs.ts
function readInputs(flags, env) {
  return parseInputs((name) => name === "mode" ? "build" : readInput(name, flags, env));
}

export {
  readInputs
};
