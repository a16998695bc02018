import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  openRunner,
  readStepInput,
  removeJobRecord,
  removeTemporary,
  runnerLog,
  takeTask
} from "./chunk-4OL5WBTS.mjs";
import "./chunk-ZCWOPC6Z.mjs";
import "./chunk-WT2AQGZE.mjs";
import {
  runPostTask
} from "./chunk-IBNHDNRC.mjs";
import "./chunk-BQRMR5BS.mjs";
import "./chunk-MS2WHQJG.mjs";
import "./chunk-SKEJKJRZ.mjs";
import {
  parseImages
} from "./chunk-W6FOBLLI.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-F6TB5S6D.mjs";
import "./chunk-I6KOPCOT.mjs";
import "./chunk-IOCZMKM6.mjs";
import {
  tuneGarbageCollection
} from "./chunk-5DMYGCBW.mjs";
import "./chunk-PG3CCCZV.mjs";
import "./chunk-ANYIBTUE.mjs";
import "./chunk-KE3VB7AW.mjs";
import "./chunk-MEXKEPMQ.mjs";
import "./chunk-R3JF3YFP.mjs";
import "./chunk-R7ASPXCK.mjs";
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
