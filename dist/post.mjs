import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  openRunner,
  readStepInput,
  removeTemporary,
  takeTask
} from "./chunk-7K3V2HBI.mjs";
import "./chunk-PZVP6UHA.mjs";
import {
  warning
} from "./chunk-XFWFXP74.mjs";
import {
  saveStore
} from "./chunk-D4GJJFSF.mjs";
import {
  messageOf
} from "./chunk-SGTFMUI5.mjs";
import "./chunk-TMU5TD52.mjs";

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
