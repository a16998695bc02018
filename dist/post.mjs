import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  runPostTask
} from "./chunk-WZDBDURB.mjs";
import "./chunk-3EZMRUO6.mjs";
import "./chunk-OZSFGEJA.mjs";
import "./chunk-HBQZMXVE.mjs";
import {
  openRunner,
  readStepInput,
  removeJobRecord,
  removeTemporary,
  runnerLog,
  takeTask
} from "./chunk-NQUJ2UF7.mjs";
import "./chunk-GNJFZKSP.mjs";
import "./chunk-BXI47A6U.mjs";
import {
  parseImages
} from "./chunk-TMXNPKEU.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-367ITKDM.mjs";
import "./chunk-HSNXDN4F.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-JV3OK7I5.mjs";
import {
  tuneGarbageCollection
} from "./chunk-CB3SBZ4W.mjs";
import "./chunk-KOXRFBVW.mjs";
import "./chunk-LPQ76Q4D.mjs";
import "./chunk-S73ABKVA.mjs";
import "./chunk-TJDMYOEP.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-SIW62G4I.mjs";
import "./chunk-SMBMXYWF.mjs";
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
