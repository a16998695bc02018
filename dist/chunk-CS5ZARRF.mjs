import {
  loadMode
} from "./chunk-P5G37RAJ.mjs";
import "./chunk-OM2DSOLJ.mjs";
import "./chunk-ZWG43C65.mjs";
import "./chunk-7IH7JYJA.mjs";
import "./chunk-6OHNNCAZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import "./chunk-QG475AWI.mjs";
import "./chunk-XBGOFGJP.mjs";
import "./chunk-HEI324TL.mjs";
import {
  inputTable
} from "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

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
