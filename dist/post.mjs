import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  openRunner,
  readStepInput,
  removeJobRecord,
  removeTemporary,
  runnerLog,
  takeTask
} from "./chunk-KYG7GLXN.mjs";
import {
  saveStore
} from "./chunk-KNMLOGKE.mjs";
import "./chunk-JCNCF6OM.mjs";
import {
  parseImages,
  tuneGarbageCollection
} from "./chunk-RQKKFK6S.mjs";
import "./chunk-QJY2LTPM.mjs";
import "./chunk-MTZ6CDKL.mjs";
import "./chunk-C7A6GD7E.mjs";
import "./chunk-NQMJJ5S4.mjs";
import "./chunk-Z6I6B3TS.mjs";
import "./chunk-DUYXTOJF.mjs";
import "./chunk-7T77N3KP.mjs";
import "./chunk-R6VUWMYB.mjs";
import {
  messageOf
} from "./chunk-32ADV6HS.mjs";
import "./chunk-MPN7ELPR.mjs";

// src/post.ts
import { rm } from "node:fs/promises";
async function doTask() {
  const task = await takeTask();
  if (task === void 0) return;
  const [inputs] = parseImages(readStepInput);
  const runtime = await openRunner();
  try {
    await saveStore(task, { inputs, runtime });
  } finally {
    await rm(runtime.temporary, { recursive: true, force: true });
  }
}
process.on("uncaughtException", (error) => {
  runnerLog.warning(`The post step failed: ${messageOf(error)}`);
  process.exit();
});
tuneGarbageCollection();
for (const [what, part] of [
  ["remove temporary files", removeTemporary],
  ["remove the record of the job", removeJobRecord],
  ["save the store cache", doTask]
]) {
  try {
    await part();
  } catch (error) {
    runnerLog.warning(`Cannot ${what}: ${messageOf(error)}`);
  }
}
process.exit();
