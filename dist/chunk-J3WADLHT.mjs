const { posix } = globalThis.process.getBuiltinModule("node:path");
import {
  storeDirectory
} from "./chunk-XBGOFGJP.mjs";
import {
  Failure
} from "./chunk-UH7NESJ6.mjs";

// src/inspect/layer-usage.ts
var mostPaths = 1e5;
var inStore = new RegExp(`^(${storeDirectory}/[0-9a-z]{32}-[\\w+.?=-]{1,211})(?:/|$)`);
var inDatabase = /^\/nix\/var\/nix\/db\/(?:db\.sqlite|schema)$/;
async function readLayerUsage(members, description) {
  const paths = /* @__PURE__ */ new Map();
  let otherBytes = 0;
  for await (const { name: written, isFile, size } of members) {
    const name = posix.normalize(`/${written}`);
    const bytes = isFile ? size : 0;
    const [, path] = inStore.exec(name) ?? [];
    if (path === void 0) otherBytes += inDatabase.test(name) ? 0 : bytes;
    else paths.set(path, (paths.get(path) ?? 0) + bytes);
    if (paths.size > mostPaths) {
      throw new Failure(`Cannot read ${description}: it has more than ${mostPaths} store paths.`);
    }
  }
  return { paths, otherBytes };
}

export {
  readLayerUsage
};
