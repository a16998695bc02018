import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  differenceJson,
  differenceMap,
  differenceOf,
  differenceText
} from "./chunk-W3J2ZOZK.mjs";
import {
  readInputs
} from "./chunk-C4D2PEKK.mjs";
import "./chunk-IOZ3MWTG.mjs";
import {
  inspectImage,
  withRegistries
} from "./chunk-RYIA4I2P.mjs";
import "./chunk-F5JVSC6U.mjs";
import "./chunk-CSFUBRYR.mjs";
import "./chunk-Y3MSOP5S.mjs";
import "./chunk-WZK37R4F.mjs";
import "./chunk-4NTFS73P.mjs";
import "./chunk-6XKJIXUR.mjs";
import "./chunk-3EZMRUO6.mjs";
import "./chunk-OZSFGEJA.mjs";
import "./chunk-HBQZMXVE.mjs";
import "./chunk-GNJFZKSP.mjs";
import "./chunk-TMXNPKEU.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-367ITKDM.mjs";
import "./chunk-HSNXDN4F.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-JV3OK7I5.mjs";
import {
  writeHtml
} from "./chunk-JLWTAJMR.mjs";
import "./chunk-RQQGAJIZ.mjs";
import "./chunk-67N6NFLF.mjs";
import "./chunk-LPQ76Q4D.mjs";
import "./chunk-S73ABKVA.mjs";
import "./chunk-TJDMYOEP.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-SMBMXYWF.mjs";
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
