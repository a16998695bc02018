import {
  saveStore
} from "./chunk-FDAA2TLC.mjs";
import {
  buildOf,
  deleteAfterSave,
  deleteOldResults
} from "./chunk-INTXPZ6B.mjs";
import {
  saveResult
} from "./chunk-RCHAHIEV.mjs";
import {
  areStorePaths,
  formatResult,
  isDescriptor,
  mostLayers,
  openResults,
  parseResult
} from "./chunk-JYQXIE4E.mjs";
import {
  Failure,
  isObject,
  messageOf
} from "./chunk-UH7NESJ6.mjs";

// src/stages/build/save-task.ts
var longestKey = 512;
function parsePostTask(text) {
  const json = JSON.parse(text);
  if (!isObject(json)) throw new Failure("the main step left a malformed task.");
  const { store, result } = json;
  return {
    ...store === void 0 ? {} : { store: parseSaveTask(store) },
    ...result === void 0 ? {} : { result: parseResultTask(result) }
  };
}
function parseResultTask(value) {
  const { key, text, others } = isObject(value) ? value : {};
  const areKeys = Array.isArray(others) && others.every((other) => typeof other === "string" && isKey(other));
  if (typeof key !== "string" || typeof text !== "string" || !areKeys) {
    throw new Failure("the main step left a malformed task.");
  }
  parseResult(Buffer.from(text), key);
  return { key, text, others };
}
function parseSaveTask(json) {
  const { key, base, build, layers } = isObject(json) ? json : {};
  if (!isKey(key) || !isKey(base) || !Array.isArray(layers) || layers.length > mostLayers || !layers.every(isDescriptor)) {
    throw new Failure("the main step left a malformed task.");
  }
  return {
    ...key === void 0 ? {} : { key },
    ...base === void 0 ? {} : { base },
    layers,
    ...build === void 0 ? {} : { build: parseBuild(build) }
  };
}
function isKey(value) {
  return value === void 0 || typeof value === "string" && value.length <= longestKey;
}
function parseBuild(value) {
  const { outputs, paths, toolchain } = isObject(value) ? value : {};
  if (areStorePaths(outputs) && areStorePaths(paths) && areStorePaths(toolchain)) return { outputs, paths, toolchain };
  throw new Failure("the main step left a task with an invalid store path.");
}

// src/stages/build/save-after.ts
async function saveAfter(store, run, publish) {
  const isPostponed = run.runtime.afterJob !== void 0;
  if (isPostponed) await save({ store }, run);
  try {
    const { result, remembered } = await publish();
    await save({ store: store && { ...store, layers: certainLayers(result.images) }, result: remembered }, run);
    return result;
  } catch (error) {
    if (!isPostponed) await save({ store }, run);
    throw error;
  }
}
async function save(task, run) {
  if (task.store === void 0 && task.result === void 0) return;
  const postpone = task.store === void 0 ? void 0 : run.runtime.afterJob;
  try {
    await (postpone?.(JSON.stringify(task)) ?? saveAll(task, run));
  } catch (error) {
    run.runtime.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
  }
}
function runPostTask(text, run) {
  return saveAll(parsePostTask(text), run);
}
async function saveAll({ store, result }, run) {
  if (result !== void 0) await saveResultOf(result, run);
  if (store !== void 0) await saveStore(store, run);
}
async function saveResultOf({ key, text, others }, { inputs, runtime }) {
  const backend = openResults(inputs, runtime, "pull,push");
  if (backend === void 0) return;
  try {
    const result = parseResult(Buffer.from(text), key);
    let isSaved = false;
    for (const one of [key, ...others]) {
      const saved = await saveResult(one, formatResult(one, result), backend);
      if (saved === void 0) continue;
      runtime.log.info(`Saved the result of this build as ${saved}`);
      isSaved = true;
    }
    if (!isSaved) return;
    const build = buildOf(key);
    await deleteAfterSave(
      { inputs, runtime },
      (repository, keep, context) => deleteOldResults(repository, keep, { ...context, build })
    );
  } catch (error) {
    runtime.log.warning(`Cannot save the result of this build: ${messageOf(error)}`);
  }
}
function certainLayers(images) {
  const layers = images.flatMap(({ platforms }) => platforms.flatMap(({ layers: layers2 }) => layers2));
  const certain = layers.filter(({ isCertain }) => isCertain).map(({ descriptor }) => descriptor);
  return [...new Map(certain.map((descriptor) => [JSON.stringify(descriptor), descriptor])).values()].slice(
    0,
    mostLayers
  );
}

export {
  saveAfter,
  runPostTask
};
