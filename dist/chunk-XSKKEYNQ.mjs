import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  Failure
} from "./chunk-WFDJKZW3.mjs";

// src/commands/usage-error.ts
var UsageError = class extends Failure {
  name = "UsageError";
};

export {
  UsageError
};
