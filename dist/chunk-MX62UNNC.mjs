import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  documentId,
  isWhole,
  require_spdx,
  topPaths
} from "./chunk-5OSHX4WX.mjs";
import {
  imageUrl
} from "./chunk-HJBBPKX6.mjs";
import {
  parseImageName
} from "./chunk-RYZTQ7VR.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-WFDJKZW3.mjs";
import {
  __toESM
} from "./chunk-DNGIBJ4B.mjs";

// src/sbom/spdx.ts
var SPDX = __toESM(require_spdx(), 1);
var unknown = "NOASSERTION";
var imageId = "SPDXRef-image";
var baseId = "SPDXRef-base";
var storeTime = "1970-01-01T00:00:01Z";
function spdx(subject) {
  const { inventory, name, created } = subject;
  const { paths, base } = inventory;
  const ids = new Map(paths.map(({ path }) => [path, idOf(path)]));
  const packages = [imagePackage(subject), ...paths.map(packageOf), ...base === void 0 ? [] : [basePackage(base)]];
  const relationships = [
    related("SPDXRef-DOCUMENT", "DESCRIBES", imageId),
    ...paths.map(({ path }) => related(imageId, "CONTAINS", idOf(path))),
    ...base === void 0 ? [] : [related(imageId, "DESCENDANT_OF", baseId), related(baseId, "CONTAINS", unknown)],
    ...inventory.hasUnknownLayers ? [related(imageId, "CONTAINS", unknown)] : [],
    ...topPaths(inventory).map(({ path }) => related(imageId, "DEPENDS_ON", idOf(path))),
    ...paths.flatMap((path) => dependenciesOf(path, ids))
  ];
  const document = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name,
    comment: isWhole(inventory) ? "All files of the image are listed." : "The image has more than what is listed.",
    creationInfo: { created: secondsOf(created), creators: ["Tool: nix-image"] },
    packages,
    relationships
  };
  const documentNamespace = `https://spdx.org/spdxdocs/nix-image-${documentId(JSON.stringify(document))}`;
  return `${JSON.stringify({ ...document, documentNamespace }, null, 2)}
`;
}
function secondsOf(time) {
  const date = new Date(time ?? storeTime);
  return Number.isNaN(date.getTime()) ? storeTime : date.toISOString().replace(/\.\d+Z$/, "Z");
}
function related(spdxElementId, relationshipType, relatedSpdxElement) {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}
function idOf(path) {
  return `SPDXRef-${path.split("/").at(-1)?.slice(0, 32)}`;
}
function dependenciesOf({ path, registration }, ids) {
  const known = (registration?.references ?? []).flatMap((to) => ids.get(to) ?? []);
  const more = registration === void 0 || registration.refersOutside ? [unknown] : [];
  return [...known, ...more].map((id) => related(idOf(path), "DEPENDS_ON", id));
}
var nothingKnown = { filesAnalyzed: false, licenseConcluded: unknown, copyrightText: unknown };
function imagePackage({ name, repository, digest, platform }) {
  return {
    SPDXID: imageId,
    name,
    ...digest === void 0 ? {} : { versionInfo: digest },
    primaryPackagePurpose: "CONTAINER",
    downloadLocation: unknown,
    licenseDeclared: unknown,
    ...nothingKnown,
    comment: platform,
    ...repository === void 0 || digest === void 0 ? {} : purlRef(imageUrl(repository, digest, platform))
  };
}
function basePackage(base) {
  const common = { SPDXID: baseId, primaryPackagePurpose: "CONTAINER", licenseDeclared: unknown, ...nothingKnown };
  if (!("name" in base)) {
    return { ...common, name: "base image", downloadLocation: unknown, comment: base.diffIds.join(" ") };
  }
  const { name, digest } = base;
  const purl = purlRef(imageUrl(parseImageName(name), digest));
  return { ...common, name, versionInfo: digest, downloadLocation: unknown, ...purl };
}
function packageOf({ path, name, version, purl, cpe, registration, ...of }) {
  const [source] = of.sources;
  const license = of.meta?.license;
  const guess = { referenceCategory: "SECURITY", referenceType: "cpe23Type", referenceLocator: cpe };
  return {
    SPDXID: idOf(path),
    name,
    ...version === "" ? {} : { versionInfo: version },
    packageFileName: path,
    downloadLocation: source?.url ?? unknown,
    ...of.meta?.homepage === void 0 ? {} : { homepage: of.meta.homepage },
    licenseDeclared: license !== void 0 && SPDX.isSupportedSpdxId(license) ? license : unknown,
    ...nothingKnown,
    ...registration === void 0 ? {} : { checksums: [{ algorithm: "SHA256", checksumValue: registration.narHash }] },
    externalRefs: [
      ...purlRef(purl).externalRefs,
      ...cpe === void 0 ? [] : [{ ...guess, comment: "guessed from name and version" }]
    ],
    ...textOf("sourceInfo", [
      ...of.sources.map((file) => describeFile("source", file)),
      ...of.patches.map((file) => describeFile("patch", file))
    ]),
    ...textOf("comment", [
      of.output && `output ${of.output}`,
      of.drvPath && `derivation ${of.drvPath}`,
      registration && `NAR of ${registration.narSize} bytes; the checksum is that of the NAR`
    ])
  };
}
function textOf(field, lines) {
  const said = lines.filter(Boolean);
  return said.length === 0 ? {} : { [field]: said.join("\n") };
}
function purlRef(locator) {
  return {
    externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: locator }]
  };
}
function describeFile(kind, { path, url, hash }) {
  const digest = hash && `${hash.isNar ? "NAR hash " : ""}${hash.algorithm}:${hash.hex}`;
  return [`${kind}: ${url ?? path}`, digest].filter(Boolean).join(" ");
}
export {
  spdx
};
