import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  storeDirectory
} from "./chunk-G5OCPV4E.mjs";
import {
  Failure,
  messageOf
} from "./chunk-WFDJKZW3.mjs";

// src/inspect/layer-usage.ts
var mostPaths = 1e5;
var inStore = new RegExp(`^(?:\\.?/)*(${storeDirectory.slice(1)}/[0-9a-z]{32}-[\\w+.?=-]{1,211})(?:/|$)`);
async function readLayerUsage(members, description) {
  const paths = /* @__PURE__ */ new Map();
  let otherBytes = 0;
  for await (const { name, isFile, size } of members) {
    const bytes = isFile ? size : 0;
    const [, path] = inStore.exec(name) ?? [];
    if (path === void 0) otherBytes += bytes;
    else paths.set(`/${path}`, (paths.get(`/${path}`) ?? 0) + bytes);
    if (paths.size > mostPaths) {
      throw new Failure(`Cannot read ${description}: it has more than ${mostPaths} store paths.`);
    }
  }
  return { paths, otherBytes };
}

// src/tar/list-members.ts
import { once } from "node:events";
async function* listMembers(source, description) {
  const { default: tarStream } = await import("./chunk-2TBTAT7O.mjs");
  const extract = tarStream.extract();
  const feed = async () => {
    for await (const chunk of source) if (!extract.write(chunk)) await once(extract, "drain");
    extract.end(void 0);
  };
  feed().catch((error) => extract.destroy(error));
  try {
    for await (const entry of extract) {
      const { name, type, size } = entry.header;
      yield { name, isFile: type === "file" || type === "contiguous-file", size };
      for await (const _ of entry) ;
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot read ${description}: it is not a tar archive, or it is damaged (${messageOf(cause)}).`, {
      cause
    });
  }
}

export {
  readLayerUsage,
  listMembers
};
