import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  namespaceOf,
  secondsOf
} from "./chunk-2HYXA4RO.mjs";
import {
  documentId
} from "./chunk-VQ2EZHGI.mjs";
import {
  imageUrl
} from "./chunk-HJBBPKX6.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import "./chunk-DNGIBJ4B.mjs";

// src/sbom/with-subject.ts
function withSubject(format, document, image) {
  return format === "spdx" ? spdxFor(document, image) : cycloneDxFor(document, image);
}
function cycloneDxFor(document, image) {
  const { metadata, bomFormat } = document;
  const component = isObject(metadata) ? metadata.component : void 0;
  if (bomFormat !== "CycloneDX" || !isObject(component) || component["bom-ref"] !== "image") return void 0;
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
  const { packages, creationInfo } = document;
  const isOurs = (one) => isObject(one) && one.SPDXID === "SPDXRef-image";
  if (!Array.isArray(packages) || !packages.some(isOurs) || !isObject(creationInfo)) return void 0;
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
    packages: packages.map((one) => isOurs(one) ? { ...one, ...changed } : one)
  };
  return `${JSON.stringify({ ...json, documentNamespace: namespaceOf(JSON.stringify(json)) }, null, 2)}
`;
}
function purlOf({ repository, digest, platform }, make) {
  return repository === void 0 || digest === void 0 ? void 0 : make(imageUrl(repository, digest, platform));
}
export {
  withSubject
};
