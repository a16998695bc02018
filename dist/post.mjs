import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  openRunner,
  readStepInput,
  removeTemporary,
  takeTask
} from "./chunk-JKHAIYC2.mjs";
import {
  collectRarely
} from "./chunk-7BUEJNM4.mjs";
import {
  warning
} from "./chunk-TQHYWTQ6.mjs";
import {
  saveStore
} from "./chunk-WO6OQI32.mjs";
import "./chunk-MAGKRFWX.mjs";
import "./chunk-P2O3J3TS.mjs";
import {
  messageOf
} from "./chunk-IQWQOVRW.mjs";
import "./chunk-MPN7ELPR.mjs";

// src/post.ts
import { rm } from "node:fs/promises";
async function doTask() {
  const task = await takeTask();
  if (task === void 0) return;
  const host = await openRunner();
  try {
    await saveStore(task, host, readStepInput("cache-signing-key").trim() || void 0);
  } finally {
    await rm(host.temporary, { recursive: true, force: true });
  }
}
collectRarely();
for (const [what, part] of [
  ["clear away", removeTemporary],
  ["save the store cache", doTask]
]) {
  try {
    await part();
  } catch (error) {
    warning(`Cannot ${what}: ${messageOf(error)}`);
  }
}
process.exit();
