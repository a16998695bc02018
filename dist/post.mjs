import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  openRunner,
  readStepInput,
  removeJobRecord,
  removeTemporary,
  runnerLog,
  takeTask
} from "./chunk-76WT2BBF.mjs";
import "./chunk-ZCWOPC6Z.mjs";
import "./chunk-WT2AQGZE.mjs";
import {
  runPostTask
} from "./chunk-7NQ5JIBW.mjs";
import "./chunk-KHDMYFLA.mjs";
import "./chunk-26MOZYYU.mjs";
import "./chunk-2ZAGE6CE.mjs";
import {
  parseImages
} from "./chunk-ZHPDOGFP.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-F6TB5S6D.mjs";
import "./chunk-I6KOPCOT.mjs";
import "./chunk-REXRYIA7.mjs";
import {
  tuneGarbageCollection
} from "./chunk-MS6LHQNI.mjs";
import "./chunk-PG3CCCZV.mjs";
import "./chunk-ANYIBTUE.mjs";
import "./chunk-KE3VB7AW.mjs";
import "./chunk-MEXKEPMQ.mjs";
import "./chunk-R3JF3YFP.mjs";
import "./chunk-MGSFRYDV.mjs";
import "./chunk-ROPKUCAE.mjs";
import "./chunk-G5OCPV4E.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-LI5CVXRG.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-SIW62G4I.mjs";
import "./chunk-GPVCC3OF.mjs";
import "./chunk-CNJZ53BR.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-3M57GHHF.mjs";
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
