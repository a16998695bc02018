const { rm } = globalThis.process.getBuiltinModule("node:fs/promises");
import {
  runPostTask
} from "./chunk-YVVAMRIN.mjs";
import "./chunk-FDAA2TLC.mjs";
import "./chunk-INTXPZ6B.mjs";
import "./chunk-RCHAHIEV.mjs";
import "./chunk-JYQXIE4E.mjs";
import {
  openRunner,
  readStepInput,
  removeJobRecord,
  removeTemporary,
  runnerLog,
  takeTask
} from "./chunk-QNTCMR2E.mjs";
import "./chunk-U2BFVMR4.mjs";
import "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import "./chunk-DEM4RRSK.mjs";
import "./chunk-25LIPGGA.mjs";
import {
  parseImages
} from "./chunk-XBGOFGJP.mjs";
import "./chunk-HEI324TL.mjs";
import {
  messageOf
} from "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/after-job.ts
async function afterJob() {
  process.on("uncaughtException", (error) => {
    runnerLog.warning(`The post step failed: ${messageOf(error)}`);
    process.exit();
  });
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
}
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
export {
  afterJob
};
