import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  runPostTask
} from "./chunk-PL6G2CPL.mjs";
import "./chunk-DF6COW7E.mjs";
import "./chunk-PVOA4AKO.mjs";
import "./chunk-E5W3UIGR.mjs";
import {
  openRunner,
  readStepInput,
  removeJobRecord,
  removeTemporary,
  runnerLog,
  takeTask
} from "./chunk-5BVG6BOV.mjs";
import "./chunk-KU7U2D3K.mjs";
import "./chunk-BXI47A6U.mjs";
import {
  parseImages
} from "./chunk-ZUR3OPYL.mjs";
import "./chunk-AYPBORWQ.mjs";
import "./chunk-TGNEHMSQ.mjs";
import "./chunk-JV3OK7I5.mjs";
import {
  tuneGarbageCollection
} from "./chunk-TA5VJJHS.mjs";
import "./chunk-KOXRFBVW.mjs";
import "./chunk-IOJJJYGX.mjs";
import "./chunk-S73ABKVA.mjs";
import "./chunk-TJDMYOEP.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-SIW62G4I.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-LZSYUQMR.mjs";
import {
  messageOf
} from "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";

// src/post.ts
import { rm } from "node:fs/promises";
async function doTask() {
  const task = await takeTask();
  if (task === void 0) return;
  const [inputs] = parseImages(readStepInput);
  const runtime = await openRunner();
  try {
    await runPostTask(task, { inputs, runtime });
  } finally {
    await rm(runtime.temporary, { recursive: true, force: true });
  }
}
process.on("uncaughtException", (error) => {
  runnerLog.warning(`The post step failed: ${messageOf(error)}`);
  process.exit();
});
tuneGarbageCollection();
for (const [description, part] of [
  ["remove temporary files", removeTemporary],
  ["remove the record of the job", removeJobRecord],
  ["save the store cache", doTask]
]) {
  try {
    await part();
  } catch (error) {
    runnerLog.warning(`Cannot ${description}: ${messageOf(error)}`);
  }
}
process.exit();
