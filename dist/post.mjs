import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  openRunner,
  removeTemporary,
  takeTask
} from "./chunk-LF3E2R7J.mjs";
import {
  messageOf,
  saveStore
} from "./chunk-KBOYRUWV.mjs";
import {
  warning
} from "./chunk-GOQBOSYD.mjs";
import "./chunk-TMU5TD52.mjs";

// src/post.ts
import { rm } from "node:fs/promises";
async function doTask() {
  const task = await takeTask();
  if (task === void 0) return;
  const host = await openRunner();
  try {
    await saveStore(task, host);
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
