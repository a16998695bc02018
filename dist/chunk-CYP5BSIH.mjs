import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  columns
} from "./chunk-F5JVSC6U.mjs";
import {
  hasImages,
  layerJson,
  metadataOutputs,
  sizeOf,
  summaryOf
} from "./chunk-BHTZNKUT.mjs";
import {
  actions
} from "./chunk-GR2Y75WC.mjs";
import {
  nameLayer
} from "./chunk-4D7CEC3M.mjs";
import "./chunk-CYB4L7XX.mjs";
import "./chunk-WKV5GGVD.mjs";
import "./chunk-3Y44LDC5.mjs";
import "./chunk-2WX7X74Z.mjs";
import "./chunk-LZ4Q3MM3.mjs";
import "./chunk-7NQ5JIBW.mjs";
import "./chunk-KHDMYFLA.mjs";
import "./chunk-26MOZYYU.mjs";
import "./chunk-2ZAGE6CE.mjs";
import {
  parseImages
} from "./chunk-ZHPDOGFP.mjs";
import {
  formatReference
} from "./chunk-RYZTQ7VR.mjs";
import "./chunk-F6TB5S6D.mjs";
import "./chunk-I6KOPCOT.mjs";
import "./chunk-REXRYIA7.mjs";
import {
  jsonText
} from "./chunk-PGQPEPMJ.mjs";
import {
  readInput
} from "./chunk-RNG2A6P6.mjs";
import "./chunk-RQQGAJIZ.mjs";
import "./chunk-PG3CCCZV.mjs";
import {
  formatSize
} from "./chunk-ANYIBTUE.mjs";
import {
  escapeControls
} from "./chunk-KE3VB7AW.mjs";
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

// src/report/json.ts
function jsonOf(result) {
  if (hasImages(result)) return runJson(result);
  if ("deleted" in result) {
    const { deleted, kept, dryRun } = result;
    return { deleted, kept, "dry-run": dryRun };
  }
  return JSON.parse(metadataOutputs(result.metadata).json ?? "");
}
function runJson({ images, nixVersion, work, cache }) {
  return {
    images: images.map(imageJson),
    ...nixVersion === void 0 ? {} : { "nix-version": nixVersion },
    ...work === void 0 ? {} : work,
    ...cache === void 0 ? {} : {
      "cache-key": cache.key,
      ...cache.matchedKey === void 0 ? {} : { "cache-matched-key": cache.matchedKey },
      "cache-restored-bytes": cache.restoredBytes
    }
  };
}
function imageJson(image) {
  return {
    ...summaryOf(image),
    pushed: image.pushed,
    platforms: image.platforms.map(({ platform, manifest, configDigest, created, labels, layers }) => ({
      platform,
      digest: manifest.digest,
      imageid: configDigest,
      ...created === void 0 ? {} : { created },
      labels,
      layers: layers.map(layerJson)
    }))
  };
}

// src/report/table.ts
function tableOf({ images }) {
  return images.map(imageTable).join("\n\n");
}
function imageTable({ name, root, references, platforms, pushed, uploadedBytes }) {
  const [first] = platforms;
  const facts = [
    ...name === void 0 ? [] : [["name", name]],
    ...references.map((reference, i) => [i === 0 ? "image" : "", formatReference(reference)]),
    ["digest", root.digest],
    ...first === void 0 || platforms.length > 1 ? [] : platformFacts(first),
    ["uploaded", pushed ? formatSize(uploadedBytes) : "nothing (not pushed)"]
  ];
  const blocks = platforms.map(
    (one) => platforms.length === 1 ? details(one) : ["", ...columns([["manifest", one.manifest.digest], ...platformFacts(one)]), ...details(one)]
  );
  return [...columns(facts), ...blocks.flat()].join("\n");
}
function platformFacts({ configDigest, platform, created, layers }) {
  return [
    ["image id", configDigest],
    ["platform", platform],
    ["created", created ?? "not set"],
    ["size", `${formatSize(sizeOf({ layers }))} in ${layers.length} layers`]
  ];
}
function details({ labels, layers }) {
  const layerRows = layers.map((layer) => [nameLayer(layer), formatSize(layer.descriptor.size), layer.state]);
  return [
    "",
    "labels",
    ...columns(
      Object.entries(labels).map((pair) => [
        "",
        ...pair.map((text) => escapeControls(text.replaceAll(/\r?\n|\r/g, "\\n")))
      ])
    ),
    "",
    "layers",
    ...columns(layerRows.map((row) => ["", ...row]))
  ];
}

// src/commands/run-mode.ts
function runMode(mode) {
  return async ({ flags }, runtime) => {
    const images = parseImages((name) => name === "mode" ? mode : readInput(name, flags, runtime.env));
    const result = await actions[mode](images, runtime);
    return { text: textOf(result), json: jsonOf(result) };
  };
}
function textOf(result) {
  if (hasImages(result)) return tableOf(result);
  return "deleted" in result ? result.deleted.join("\n") : jsonText(jsonOf(result));
}
export {
  runMode
};
