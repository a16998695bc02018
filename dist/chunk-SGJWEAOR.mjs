import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  differenceJson,
  differenceMap,
  differenceOf,
  differenceText
} from "./chunk-SRK6LQNN.mjs";
import {
  inspectImage
} from "./chunk-WWGWG47G.mjs";
import {
  withRegistries
} from "./chunk-LTWUFVWO.mjs";
import {
  readInputs
} from "./chunk-SW2FDHEV.mjs";
import "./chunk-F5JVSC6U.mjs";
import "./chunk-4D7CEC3M.mjs";
import "./chunk-COG2CTUG.mjs";
import "./chunk-MMT5TXMA.mjs";
import "./chunk-HJBBPKX6.mjs";
import "./chunk-A4IKCVWI.mjs";
import "./chunk-GIBDB326.mjs";
import "./chunk-HXNBXDC5.mjs";
import "./chunk-G22ZIC3K.mjs";
import "./chunk-RYZTQ7VR.mjs";
import {
  writeHtml
} from "./chunk-R4M2RRL6.mjs";
import "./chunk-M62XANYN.mjs";
import "./chunk-RQQGAJIZ.mjs";
import "./chunk-2MCXTNV4.mjs";
import "./chunk-ANYIBTUE.mjs";
import "./chunk-KE3VB7AW.mjs";
import "./chunk-R3JF3YFP.mjs";
import "./chunk-BEREXGZV.mjs";
import "./chunk-G5OCPV4E.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-LI5CVXRG.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-OKAHSBUE.mjs";
import "./chunk-GPVCC3OF.mjs";
import "./chunk-CNJZ53BR.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-3M57GHHF.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";

// src/commands/run-diff.ts
var runDiff = async (call, runtime) => {
  const inputs = readInputs(call.flags, runtime.env);
  const [from, to] = call.parameters.map(String);
  const [before, after] = await withRegistries(
    { inputs, names: [from, to], runtime },
    (context) => runtime.log.group("Inspect", async () => [
      await inspectImage(from, { inputs, ...context }),
      await inspectImage(to, { inputs, ...context })
    ])
  );
  const difference = differenceOf(before, after);
  const page = () => ({
    title: `${from} \u2192 ${to}`,
    caption: "Packages that differ, by unpacked size.",
    map: differenceMap(difference),
    text: differenceText(difference, void 0)
  });
  await writeHtml(call.flags, page, runtime);
  return { text: differenceText(difference, call.width), json: differenceJson(difference) };
};
export {
  runDiff
};
