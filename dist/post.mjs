import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  openRunner,
  readStepInput,
  removeTemporary,
  takeTask
} from "./chunk-KLYYDSSL.mjs";
import {
  collectRarely
} from "./chunk-GFPXHOCU.mjs";
import {
  warning
} from "./chunk-TQHYWTQ6.mjs";
import {
  saveStore
} from "./chunk-LLDWURZB.mjs";
import "./chunk-U5VTYSG3.mjs";
import "./chunk-A55I5EEE.mjs";
import {
  messageOf
} from "./chunk-53FLZ3FC.mjs";
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
