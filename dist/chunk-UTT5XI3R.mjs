import {
  differenceJson,
  differenceMap,
  differenceOf,
  differenceText
} from "./chunk-GVLXK7LG.mjs";
import "./chunk-OM2DSOLJ.mjs";
import {
  readInputs
} from "./chunk-QB7XZMR7.mjs";
import {
  inspectImage,
  withRegistries
} from "./chunk-VGFZXKJJ.mjs";
import "./chunk-J3WADLHT.mjs";
import "./chunk-YZKW6YE4.mjs";
import "./chunk-CF4VPEFD.mjs";
import "./chunk-FDAA2TLC.mjs";
import "./chunk-INTXPZ6B.mjs";
import "./chunk-BCOIIFZD.mjs";
import "./chunk-XL7E7YGZ.mjs";
import "./chunk-RCHAHIEV.mjs";
import "./chunk-3DOYXRXT.mjs";
import "./chunk-JYQXIE4E.mjs";
import "./chunk-KDJ5XFQM.mjs";
import "./chunk-7IH7JYJA.mjs";
import "./chunk-6OHNNCAZ.mjs";
import "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import {
  writeHtml
} from "./chunk-QG475AWI.mjs";
import "./chunk-4GYQYVDP.mjs";
import "./chunk-25LIPGGA.mjs";
import "./chunk-XBGOFGJP.mjs";
import "./chunk-HEI324TL.mjs";
import "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

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
