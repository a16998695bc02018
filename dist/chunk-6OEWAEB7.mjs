import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  differenceJson,
  differenceMap,
  differenceOf,
  differenceText
} from "./chunk-AQ5TA7M2.mjs";
import {
  inspectImage
} from "./chunk-TC344R27.mjs";
import {
  withRegistries
} from "./chunk-KHYPYJOC.mjs";
import {
  readInputs
} from "./chunk-YQRY6PYA.mjs";
import "./chunk-F5JVSC6U.mjs";
import "./chunk-VQLGVKI6.mjs";
import "./chunk-4D7CEC3M.mjs";
import "./chunk-CYB4L7XX.mjs";
import "./chunk-2WX7X74Z.mjs";
import "./chunk-LZ4Q3MM3.mjs";
import "./chunk-KHDMYFLA.mjs";
import "./chunk-26MOZYYU.mjs";
import "./chunk-2ZAGE6CE.mjs";
import "./chunk-ZHPDOGFP.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-F6TB5S6D.mjs";
import "./chunk-I6KOPCOT.mjs";
import "./chunk-REXRYIA7.mjs";
import {
  writeHtml
} from "./chunk-R4M2RRL6.mjs";
import "./chunk-RNG2A6P6.mjs";
import "./chunk-RQQGAJIZ.mjs";
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
