import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  differenceJson,
  differenceMap,
  differenceOf,
  differenceText
} from "./chunk-OTE3ZJQS.mjs";
import {
  readInputs
} from "./chunk-NE4SOM3F.mjs";
import "./chunk-OCGP4XKA.mjs";
import {
  inspectImage,
  withRegistries
} from "./chunk-Z3GD44TH.mjs";
import "./chunk-F5JVSC6U.mjs";
import "./chunk-6VTBT656.mjs";
import "./chunk-774DSHY7.mjs";
import "./chunk-UJE5FAFK.mjs";
import "./chunk-MN3HYUIB.mjs";
import "./chunk-6XKJIXUR.mjs";
import "./chunk-DF6COW7E.mjs";
import "./chunk-PVOA4AKO.mjs";
import "./chunk-E5W3UIGR.mjs";
import "./chunk-KU7U2D3K.mjs";
import "./chunk-ZUR3OPYL.mjs";
import "./chunk-AYPBORWQ.mjs";
import "./chunk-TGNEHMSQ.mjs";
import "./chunk-JV3OK7I5.mjs";
import {
  writeHtml
} from "./chunk-JLWTAJMR.mjs";
import "./chunk-RQQGAJIZ.mjs";
import "./chunk-CLCW7DB6.mjs";
import "./chunk-IOJJJYGX.mjs";
import "./chunk-S73ABKVA.mjs";
import "./chunk-TJDMYOEP.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-LZSYUQMR.mjs";
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
