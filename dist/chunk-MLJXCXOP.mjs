import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);

// src/lib/json-object.ts
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export {
  isObject
};
