import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  createdOf,
  labelsOf,
  platformOf
} from "./chunk-AYPBORWQ.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";

// src/inspect/compare-configs.ts
function compareConfigs(before, after) {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  return [.../* @__PURE__ */ new Set([...old.keys(), ...now.keys()])].filter((field) => old.get(field) !== now.get(field)).map((field) => ({ field, before: old.get(field), after: now.get(field) }));
}
function fieldsOf(config) {
  const { Labels: _labels, Env, ...others } = isObject(config.json.config) ? config.json.config : {};
  const env = Array.isArray(Env) ? Env.filter((item) => typeof item === "string") : [];
  return new Map([
    ["platform", platformOf(config)],
    ...createdOf(config) === void 0 ? [] : [["created", createdOf(config) ?? ""]],
    ...Object.entries(others).map(([field, value]) => [field, textOf(value)]),
    ...env.map((item) => [`env ${item.split("=", 1)[0]}`, item.slice(item.indexOf("=") + 1)]),
    ...Object.entries(labelsOf(config)).map(([key, value]) => [`label ${key}`, value])
  ]);
}
function textOf(value) {
  const isWords = Array.isArray(value) && value.every((item) => typeof item === "string");
  return isWords ? value.join(" ") : JSON.stringify(value) ?? "";
}

export {
  compareConfigs
};
