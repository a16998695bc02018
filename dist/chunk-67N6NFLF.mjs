import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  inputNames,
  inputTable,
  takesInput
} from "./chunk-LPQ76Q4D.mjs";

// src/commands/input-flags.ts
var secretVariables = {
  password: "REGISTRY_PASSWORD",
  "github-token": "GITHUB_TOKEN",
  "cache-signing-key": "CACHE_SIGNING_KEY",
  "signing-key": "COSIGN_PRIVATE_KEY"
};
function inputFlags(mode) {
  return inputNames.flatMap((name) => {
    const { kind, group, description, descriptions, default: value } = inputTable[name];
    if (name === "mode" || kind === "secret") return [];
    return [
      {
        name,
        kind,
        group,
        description: descriptions?.[mode] ?? description,
        default: value,
        isHidden: !takesInput(mode, name)
      }
    ];
  });
}
function inputFlagsOf(...names) {
  return inputFlags("build").filter(({ name, group }) => names.some((one) => one === name || one === group));
}
function readInput(name, flags, env) {
  if (isSecret(name)) return env[secretVariables[name]] ?? "";
  const value = flags[name] ?? "";
  return Array.isArray(value) ? value.join("\n") : String(value);
}
function isSecret(name) {
  return name in secretVariables;
}

export {
  secretVariables,
  inputFlags,
  inputFlagsOf,
  readInput
};
