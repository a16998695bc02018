import { isObject, type Json } from '../lib/json-object.ts';
import { documentId } from './document-id.ts';
import type { SbomSubject } from './inventory.ts';
import { imageUrl } from './package-url.ts';
import type { SbomFormat } from './sbom-document.ts';
import { namespaceOf, secondsOf } from './spdx-header.ts';

/** The image that a document is about, without its contents. */
export type DescribedImage = Omit<SbomSubject, 'inventory'>;

/** Whether `cycloneDx` or `spdx` made a document, so that `withSubject` can change it. */
export function isOwn(format: SbomFormat, document: Json): boolean {
  if (format === 'spdx') {
    const { packages, creationInfo } = document;
    return Array.isArray(packages) && packages.some(isImage) && isObject(creationInfo);
  }
  const { metadata, bomFormat } = document;
  const component = isObject(metadata) ? metadata.component : undefined;
  return bomFormat === 'CycloneDX' && isObject(component) && component['bom-ref'] === 'image';
}

/**
 * A document of `cycloneDx` or `spdx` for another image with the same contents, whose labels gave it another digest.
 */
export function withSubject(format: SbomFormat, document: Json, image: DescribedImage): string {
  if (!isOwn(format, document)) throw new TypeError('Only documents that isOwn accepts can be changed.');
  return format === 'spdx' ? spdxFor(document, image) : cycloneDxFor(document, image);
}

function cycloneDxFor(document: Json, image: DescribedImage): string {
  const metadata = document.metadata as Json;
  const component = metadata.component as Json;
  const { platform, created, name, digest } = image;
  const properties = [
    ...(created === undefined ? [] : [{ name: 'oci:created', value: created }]),
    { name: 'oci:platform', value: platform },
  ];
  const changed = { ...component, name, version: digest, ...purlOf(image, purl => ({ purl })), properties };
  const json = { ...document, serialNumber: undefined, metadata: { ...metadata, component: changed } };
  return `${JSON.stringify({ ...json, serialNumber: `urn:uuid:${documentId(JSON.stringify(json))}` }, null, 2)}\n`;
}

function spdxFor(document: Json, image: DescribedImage): string {
  const packages = document.packages as readonly Json[];
  const creationInfo = document.creationInfo as Json;
  const { name, digest, platform, created } = image;
  const externalRefs = purlOf(image, purl => ({
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }],
  }));
  const changed = { name, versionInfo: digest, comment: platform, ...externalRefs };
  const json = {
    ...document,
    documentNamespace: undefined,
    name,
    creationInfo: { ...creationInfo, created: secondsOf(created) },
    packages: packages.map(one => (isImage(one) ? { ...one, ...changed } : one)),
  };
  return `${JSON.stringify({ ...json, documentNamespace: namespaceOf(JSON.stringify(json)) }, null, 2)}\n`;
}

function isImage(one: unknown): boolean {
  return isObject(one) && one.SPDXID === 'SPDXRef-image';
}

function purlOf<T>({ repository, digest, platform }: DescribedImage, make: (purl: string) => T): T | undefined {
  return repository === undefined || digest === undefined ? undefined : make(imageUrl(repository, digest, platform));
}
