import {
  columns
} from "./chunk-OM2DSOLJ.mjs";
import {
  hasImages,
  isVerified,
  layerJson,
  loadAction,
  metadataOutputs,
  sizeOf,
  summaryOf
} from "./chunk-ZWG43C65.mjs";
import {
  nameLayer
} from "./chunk-7IH7JYJA.mjs";
import {
  jsonText,
  readInput
} from "./chunk-QG475AWI.mjs";
import {
  parseImages
} from "./chunk-XBGOFGJP.mjs";
import {
  formatReference
} from "./chunk-HEI324TL.mjs";
import {
  escapeControls,
  formatSize,
  printable
} from "./chunk-UH7NESJ6.mjs";

// src/report/json.ts
function jsonOf(result) {
  if (isVerified(result)) {
    const { digest, name, verified, provenance } = result;
    return { digest, image: name, verified, ...provenance === void 0 ? {} : { provenance } };
  }
  if (hasImages(result)) return runJson(result);
  if ("deleted" in result) {
    const { deleted, kept, dryRun } = result;
    return { deleted, kept, "dry-run": dryRun };
  }
  return JSON.parse(metadataOutputs(result.metadata).json ?? "");
}
function runJson({ images, nixVersion, work, cache, stages }) {
  return {
    images: images.map(imageJson),
    ...nixVersion === void 0 ? {} : { "nix-version": nixVersion },
    ...work === void 0 ? {} : workJson(work),
    ...stages === void 0 ? {} : { stages },
    ...cache === void 0 ? {} : {
      "cache-key": cache.key,
      ...cache.matchedKey === void 0 ? {} : { "cache-matched-key": cache.matchedKey },
      "cache-restored-bytes": cache.restoredBytes
    }
  };
}
function workJson({ built, substituted, builds }) {
  return {
    built,
    substituted,
    builds: builds.map(({ name, start, end }) => ({ name, milliseconds: end - start }))
  };
}
function imageJson(image) {
  return {
    ...summaryOf(image),
    pushed: image.pushed,
    ...image.findings === void 0 ? {} : { findings: image.findings },
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

// src/commands/load-mode.ts
async function loadMode(mode) {
  const action = await loadAction(mode);
  return async ({ flags }, runtime) => {
    const images = parseImages((name) => name === "mode" ? mode : readInput(name, flags, runtime.env));
    const result = await action(images, runtime);
    return { text: textOf(result), json: jsonOf(result) };
  };
}
function textOf(result) {
  if (hasImages(result)) return tableOf(result);
  if (isVerified(result)) return printable([result.name, ...result.verified].join("\n"));
  return "deleted" in result ? result.deleted.join("\n") : jsonText(jsonOf(result));
}

export {
  loadMode
};
