import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  inspectionMap,
  pathSizes
} from "./chunk-W3J2ZOZK.mjs";
import {
  readInputs
} from "./chunk-C4D2PEKK.mjs";
import "./chunk-IOZ3MWTG.mjs";
import {
  inspectImage,
  withRegistries
} from "./chunk-RYIA4I2P.mjs";
import {
  columns
} from "./chunk-F5JVSC6U.mjs";
import "./chunk-CSFUBRYR.mjs";
import "./chunk-Y3MSOP5S.mjs";
import "./chunk-WZK37R4F.mjs";
import {
  formatPackage,
  nameLayer,
  packagesBySize
} from "./chunk-4NTFS73P.mjs";
import "./chunk-6XKJIXUR.mjs";
import "./chunk-3EZMRUO6.mjs";
import "./chunk-OZSFGEJA.mjs";
import "./chunk-HBQZMXVE.mjs";
import "./chunk-GNJFZKSP.mjs";
import "./chunk-TMXNPKEU.mjs";
import "./chunk-RYZTQ7VR.mjs";
import {
  createdOf,
  labelsOf
} from "./chunk-367ITKDM.mjs";
import "./chunk-HSNXDN4F.mjs";
import {
  hexOf
} from "./chunk-LZSYUQMR.mjs";
import "./chunk-JV3OK7I5.mjs";
import {
  writeHtml
} from "./chunk-JLWTAJMR.mjs";
import "./chunk-RQQGAJIZ.mjs";
import "./chunk-67N6NFLF.mjs";
import "./chunk-LPQ76Q4D.mjs";
import {
  formatSize,
  oneLine
} from "./chunk-S73ABKVA.mjs";
import "./chunk-TJDMYOEP.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";

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
