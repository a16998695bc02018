import {
  createdOf,
  labelsOf,
  platformOf
} from "./chunk-QGRX4KWZ.mjs";
import {
  isObject
} from "./chunk-UH7NESJ6.mjs";

// src/inspect/compare-configs.ts
function compareConfigs(before, after) {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  return [.../* @__PURE__ */ new Set([...old.keys(), ...now.keys()])].map((field) => ({ field, before: old.get(field), after: now.get(field) })).filter(({ before: before2, after: after2 }) => before2?.exact !== after2?.exact).map(({ field, before: before2, after: after2 }) => {
    const isPlain = before2?.text !== after2?.text;
    const shown = (value) => isPlain ? value?.text : value?.exact;
    return { field, before: shown(before2), after: shown(after2) };
  });
}
function fieldsOf(config) {
  const { Labels: _labels, Env, ...others } = isObject(config.json.config) ? config.json.config : {};
  const env = Array.isArray(Env) ? Env.filter((item) => typeof item === "string") : [];
  const created = createdOf(config);
  return new Map([
    ["platform", textValue(platformOf(config))],
    ...created === void 0 ? [] : [["created", textValue(created)]],
    ...Object.entries(others).map(([field, value]) => [field, fieldValue(value)]),
    ...[...variablesIn(env)].map(([name, items]) => [`env ${name}`, variableValue(items)]),
    ...Object.entries(labelsOf(config)).map(([key, value]) => [`label ${key}`, textValue(value)])
  ]);
}
function variablesIn(env) {
  const found = /* @__PURE__ */ new Map();
  for (const item of env) {
    const [name = ""] = item.split("=", 1);
    const before = found.get(name);
    if (before === void 0) found.set(name, [item]);
    else before.push(item);
  }
  return found;
}
function variableValue(items) {
  const last = items.at(-1) ?? "";
  return { text: last.slice(last.indexOf("=") + 1), exact: JSON.stringify(items) };
}
function textValue(text) {
  return { text, exact: JSON.stringify(text) };
}
function fieldValue(value) {
  const isWords = Array.isArray(value) && value.every((item) => typeof item === "string");
  const exact = JSON.stringify(value) ?? "";
  return { text: isWords ? value.join(" ") : exact, exact };
}

export {
  compareConfigs
};
