import {
  inspectionMap,
  pathSizes
} from "./chunk-GVLXK7LG.mjs";
import {
  columns
} from "./chunk-OM2DSOLJ.mjs";
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
import {
  formatPackage,
  nameLayer,
  packagesBySize
} from "./chunk-7IH7JYJA.mjs";
import "./chunk-6OHNNCAZ.mjs";
import {
  createdOf,
  labelsOf
} from "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import {
  writeHtml
} from "./chunk-QG475AWI.mjs";
import "./chunk-4GYQYVDP.mjs";
import "./chunk-25LIPGGA.mjs";
import "./chunk-XBGOFGJP.mjs";
import {
  hexOf
} from "./chunk-HEI324TL.mjs";
import {
  formatSize,
  isObject,
  oneLine
} from "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/report/inspection.ts
var mostRows = 20;
function inspectionOf(image) {
  const sizes = pathSizes(image);
  const inStore = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const other = image.layers.reduce((sum, { otherBytes }) => sum + otherBytes, 0);
  const contents = { history: "", paths: [...sizes].map(([path, narSize]) => ({ path, narSize })) };
  return {
    image,
    packages: packagesBySize([{ contents }]),
    paths: sizes.size,
    size: image.layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
    unpacked: inStore + other,
    other
  };
}
function inspectionText(inspection, width) {
  const { image } = inspection;
  const blocks = [factRows(inspection), packageRows(inspection, width), layerRows(inspection, width)];
  const referrers = image.referrers ?? [];
  if (referrers.length > 0) {
    const rows = referrers.map(({ digest, artifactType }) => ["", oneLine(artifactType ?? "unknown type"), digest]);
    blocks.push(["referrers", ...columns(rows, { width, flexible: 1 })]);
  }
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}
function factRows({ image, size, unpacked }) {
  const { name, kind, digest, platform, platforms, config, layers } = image;
  const labels = Object.entries(labelsOf(config));
  const facts = [
    ["image", name],
    ["kind", kind],
    ["digest", digest],
    ["platform", platform],
    ["also for", platforms.filter((one) => one !== platform).join(", ")],
    ["created", createdOf(config)],
    ["size", `${formatSize(size)} in ${layers.length} layers, ${formatSize(unpacked)} unpacked`],
    ...runFacts(config.json.config)
  ];
  const rows = facts.filter(([, value]) => value !== void 0 && value !== "").map(([key, value]) => [key, oneLine(value ?? "")]);
  const labelled = labels.length === 0 ? ["", "no labels: the image does not say where it came from"] : ["", "labels"];
  return [...columns(rows), ...labelled, ...columns(labels.map(([key, value]) => ["", oneLine(key), oneLine(value)]))];
}
function runFacts(config) {
  const { Entrypoint, Cmd, User, WorkingDir, ExposedPorts } = isObject(config) ? config : {};
  const words = (value) => Array.isArray(value) ? value.map(String).join(" ") : void 0;
  return [
    ["entrypoint", words(Entrypoint)],
    ["command", words(Cmd)],
    ["user", typeof User === "string" ? User : void 0],
    ["directory", typeof WorkingDir === "string" ? WorkingDir : void 0],
    ["ports", isObject(ExposedPorts) ? Object.keys(ExposedPorts).join(", ") : void 0]
  ];
}
function packageRows({ packages, paths, unpacked, other }, width) {
  if (packages.length === 0) return ["packages: none, because the image has no store paths of Nix"];
  const shown = packages.slice(0, mostRows);
  const rest = packages.slice(mostRows);
  const row = (name, size) => ["", name, formatSize(size), percent(size, unpacked)];
  const restSize = rest.reduce((sum, { size = 0 }) => sum + size, 0);
  return [
    `packages (${packages.length} in ${paths} store paths)`,
    ...columns(
      [
        ...shown.map((one) => row(formatPackage(one), one.size ?? 0)),
        ...rest.length === 0 ? [] : [row(`${rest.length} more`, restSize)],
        ...other === 0 ? [] : [row("files outside of the store", other)]
      ],
      { width, flexible: 1 }
    )
  ];
}
function layerRows({ image: { layers } }, width) {
  const rows = layers.map((layer) => [
    "",
    nameLayer(layer),
    formatSize(layer.descriptor.size),
    hexOf(layer.descriptor.digest).slice(0, 12)
  ]);
  return ["layers (compressed)", ...columns(rows, { width, flexible: 1 })];
}
function percent(part, whole) {
  return whole === 0 ? "" : `${Math.round(100 * part / whole)} %`.padStart(5);
}
function inspectionJson({ image, packages, size, unpacked, other }) {
  const { name, kind, digest, platform, platforms, config, layers, referrers } = image;
  return {
    name,
    kind,
    ...digest === void 0 ? {} : { digest },
    platform,
    platforms,
    ...createdOf(config) === void 0 ? {} : { created: createdOf(config) },
    size,
    unpacked,
    "other-bytes": other,
    labels: labelsOf(config),
    config: config.json.config ?? {},
    packages: packages.map(({ name: of, version, size: bytes }) => ({ name: of, version, size: bytes })),
    layers: layers.map(({ descriptor, diffId, contents, otherBytes }) => ({
      ...descriptor,
      diffId,
      "store-paths": contents.paths.map(({ path, narSize }) => ({ path, size: narSize })),
      "other-bytes": otherBytes
    })),
    ...referrers === void 0 ? {} : { referrers }
  };
}

// src/commands/run-inspect.ts
var runInspect = async (call, runtime) => {
  const inputs = readInputs(call.flags, runtime.env);
  const name = String(call.parameters[0]);
  const image = await withRegistries(
    { inputs, names: [name], runtime },
    (context) => runtime.log.group("Inspect", () => inspectImage(name, { inputs, ...context }))
  );
  const inspection = inspectionOf(image);
  const page = () => ({
    title: name,
    caption: "Layers with their store paths and other files, by unpacked size.",
    map: inspectionMap(inspection),
    text: inspectionText(inspection, void 0)
  });
  await writeHtml(call.flags, page, runtime);
  return { text: inspectionText(inspection, call.width), json: inspectionJson(inspection) };
};
export {
  runInspect
};
