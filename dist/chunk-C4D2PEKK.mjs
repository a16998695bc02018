import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  parseInputs
} from "./chunk-TMXNPKEU.mjs";
import {
  readInput
} from "./chunk-67N6NFLF.mjs";

// src/commands/read-inputs.ts
function readInputs(flags, env) {
  return parseInputs((name) => name === "mode" ? "build" : readInput(name, flags, env));
}

export {
  readInputs
};
