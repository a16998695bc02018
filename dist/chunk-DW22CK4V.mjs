import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  escapeControls
} from "./chunk-S73ABKVA.mjs";

// src/commands/json-text.ts
function jsonText(value) {
  return escapeControls(JSON.stringify(value, null, 2)).replaceAll("##[", "#\\u0023[");
}

export {
  jsonText
};
