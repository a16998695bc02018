import "./chunk-DOBU3S46.mjs";
import "./chunk-XL7E7YGZ.mjs";
import "./chunk-RCHAHIEV.mjs";
import "./chunk-3DOYXRXT.mjs";
import "./chunk-JYQXIE4E.mjs";
import "./chunk-6OHNNCAZ.mjs";
import "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import {
  namespaceOf,
  secondsOf
} from "./chunk-TGAC4YNB.mjs";
import {
  imageUrl
} from "./chunk-3G4PY4B2.mjs";
import {
  documentId
} from "./chunk-ZB72IX4D.mjs";
import "./chunk-MAQ7ADOM.mjs";
import "./chunk-4GYQYVDP.mjs";
import "./chunk-25LIPGGA.mjs";
import "./chunk-XBGOFGJP.mjs";
import "./chunk-HEI324TL.mjs";
import {
  isObject
} from "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/sbom/with-subject.ts
function isOwn(format, document) {
  if (format === "spdx") {
    const { packages, creationInfo } = document;
    return Array.isArray(packages) && packages.some(isImage) && isObject(creationInfo);
  }
  const { metadata, bomFormat } = document;
  const component = isObject(metadata) ? metadata.component : void 0;
  return bomFormat === "CycloneDX" && isObject(component) && component["bom-ref"] === "image";
}
function withSubject(format, document, image) {
  if (!isOwn(format, document)) throw new TypeError("Only documents that isOwn accepts can be changed.");
  return format === "spdx" ? spdxFor(document, image) : cycloneDxFor(document, image);
}
function cycloneDxFor(document, image) {
  const metadata = document.metadata;
  const component = metadata.component;
  const { platform, created, name, digest } = image;
  const properties = [
    ...created === void 0 ? [] : [{ name: "oci:created", value: created }],
    { name: "oci:platform", value: platform }
  ];
  const changed = { ...component, name, version: digest, ...purlOf(image, (purl) => ({ purl })), properties };
  const json = { ...document, serialNumber: void 0, metadata: { ...metadata, component: changed } };
  return `${JSON.stringify({ ...json, serialNumber: `urn:uuid:${documentId(JSON.stringify(json))}` }, null, 2)}
`;
}
function spdxFor(document, image) {
  const packages = document.packages;
  const creationInfo = document.creationInfo;
  const { name, digest, platform, created } = image;
  const externalRefs = purlOf(image, (purl) => ({
    externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl }]
  }));
  const changed = { name, versionInfo: digest, comment: platform, ...externalRefs };
  const json = {
    ...document,
    documentNamespace: void 0,
    name,
    creationInfo: { ...creationInfo, created: secondsOf(created) },
    packages: packages.map((one) => isImage(one) ? { ...one, ...changed } : one)
  };
  return `${JSON.stringify({ ...json, documentNamespace: namespaceOf(JSON.stringify(json)) }, null, 2)}
`;
}
function isImage(one) {
  return isObject(one) && one.SPDXID === "SPDXRef-image";
}
function purlOf({ repository, digest, platform }, make) {
  return repository === void 0 || digest === void 0 ? void 0 : make(imageUrl(repository, digest, platform));
}
export {
  isOwn,
  withSubject
};
