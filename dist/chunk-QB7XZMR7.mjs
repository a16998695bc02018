import {
  readInput
} from "./chunk-QG475AWI.mjs";
import {
  parseInputs
} from "./chunk-XBGOFGJP.mjs";

// src/commands/read-inputs.ts
function readInputs(flags, env) {
  return parseInputs((name) => name === "mode" ? "build" : readInput(name, flags, env));
}

export {
  readInputs
};
