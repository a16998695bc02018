import {
  namespaceOf,
  rewrittenNote,
  secondsOf
} from "./chunk-TGAC4YNB.mjs";
import {
  require_spdx
} from "./chunk-VPE37VPF.mjs";
import {
  imageUrl
} from "./chunk-3G4PY4B2.mjs";
import "./chunk-ZB72IX4D.mjs";
import {
  describeGaps,
  topPaths
} from "./chunk-MAQ7ADOM.mjs";
import {
  parseImageName
} from "./chunk-HEI324TL.mjs";
import "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import {
  __toESM
} from "./chunk-CEWVY5XM.mjs";

// src/sbom/spdx.ts
var SPDX = __toESM(require_spdx(), 1);
var unknown = "NOASSERTION";
var imageId = "SPDXRef-image";
var baseId = "SPDXRef-base";
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
    comment: describeGaps(inventory).join("\n") || "All files of the image are listed.",
    creationInfo: { created: secondsOf(created), creators: ["Tool: nix-image"] },
    packages,
    relationships
  };
  const documentNamespace = namespaceOf(JSON.stringify(document));
  return `${JSON.stringify({ ...document, documentNamespace }, null, 2)}
`;
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
  const { name = "base image", digest, diffIds } = base;
  const common = { SPDXID: baseId, primaryPackagePurpose: "CONTAINER", licenseDeclared: unknown, ...nothingKnown };
  const comment = diffIds.length === 0 ? {} : { comment: diffIds.join(" ") };
  if (digest === void 0) return { ...common, name, downloadLocation: unknown, ...comment };
  const purl = purlRef(imageUrl(parseImageName(name), digest));
  return { ...common, name, versionInfo: digest, downloadLocation: unknown, ...comment, ...purl };
}
function packageOf({ path, name, version, purl, cpe, registration, ...of }) {
  const [source] = of.sources;
  const { homepage, licenses = [] } = of.meta ?? {};
  const [license, ...others] = licenses;
  return {
    SPDXID: idOf(path),
    name,
    ...version === "" ? {} : { versionInfo: version },
    packageFileName: path,
    downloadLocation: source?.url ?? unknown,
    ...homepage === void 0 ? {} : { homepage },
    licenseDeclared: license !== void 0 && isExpression(license, others) ? license : unknown,
    ...license === void 0 || isExpression(license, others) ? {} : { licenseComments: licenses.join("\n") },
    ...nothingKnown,
    ...registration === void 0 ? {} : { checksums: [{ algorithm: "SHA256", checksumValue: registration.narHash }] },
    externalRefs: [...purlRef(purl).externalRefs, ...cpe === void 0 ? [] : [cpeRef(cpe)]],
    ...textOf("sourceInfo", [
      ...of.sources.map((file) => describeFile("source", file)),
      ...of.patches.map((file) => describeFile("patch", file))
    ]),
    ...textOf("comment", [
      of.output && `output ${of.output}`,
      of.drvPath && `derivation ${of.drvPath}`,
      registration && `NAR of ${registration.narSize} bytes; the checksum is that of the NAR`,
      of.isRewritten ? rewrittenNote : void 0
    ])
  };
}
function isExpression(license, others) {
  return others.length === 0 && SPDX.isSupportedSpdxId(license);
}
function textOf(field, lines) {
  const said = lines.filter(Boolean);
  return said.length === 0 ? {} : { [field]: said.join("\n") };
}
function cpeRef({ name, origin }) {
  return { referenceCategory: "SECURITY", referenceType: "cpe23Type", referenceLocator: name, comment: origin };
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
