import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  loadMode
} from "./chunk-PVCNO7NB.mjs";
import "./chunk-F5JVSC6U.mjs";
import "./chunk-TQVRGEB7.mjs";
import "./chunk-P4XQSC25.mjs";
import "./chunk-4NTFS73P.mjs";
import "./chunk-6XKJIXUR.mjs";
import "./chunk-TMXNPKEU.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-HSNXDN4F.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-JV3OK7I5.mjs";
import "./chunk-DW22CK4V.mjs";
import "./chunk-67N6NFLF.mjs";
import {
  inputTable
} from "./chunk-LPQ76Q4D.mjs";
import "./chunk-S73ABKVA.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";

// src/commands/load-verify.ts
async function loadVerify() {
  const verify = await loadMode("verify");
  return ({ parameters: [image], flags: { rebuild, ...flags }, ...call }, runtime) => {
    const parts = String(flags.require ?? inputTable.require.default);
    const required = rebuild === true ? { require: `${parts},rebuild` } : {};
    return verify({ ...call, parameters: [], flags: { ...flags, ...required, image: String(image) } }, runtime);
  };
}
export {
  loadVerify
};
