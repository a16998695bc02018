import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  openRegularFile
} from "./chunk-REXRYIA7.mjs";
import {
  Failure
} from "./chunk-WFDJKZW3.mjs";

// src/lib/read-whole-file.ts
async function readWholeFile(path, limit, description) {
  const file = await openRegularFile(path);
  try {
    const { size } = await file.stat();
    if (size <= limit) return await file.readFile();
    throw new Failure(`Cannot read ${description}: it has ${size} bytes, more than the limit of ${limit}.`);
  } finally {
    await file.close();
  }
}

export {
  readWholeFile
};
