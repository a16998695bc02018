import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import * as SPDX from '@cyclonedx/cyclonedx-library/SPDX';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import { parseImageName } from '../oci/reference.ts';
import { documentId } from './document-id.ts';
import {
  type InventoryBase,
  type InventoryPath,
  isWhole,
  type SbomSubject,
  type SourceFile,
  topPaths,
} from './inventory.ts';
import { imageUrl } from './package-url.ts';

const { Component, ExternalReference, Property } = Models;
const imageRef = 'image';
const baseRef = 'base';

/**
 * A bill of materials in CycloneDX 1.6 (JSON): a component for each store path, and one for the base. The same image
 * gives the same bytes.
 */
export function cycloneDx(subject: SbomSubject): string {
  const { inventory } = subject;
  const components = new Map(inventory.paths.map(path => [path.path, componentOf(path)]));
  const bom = new Models.Bom({ metadata: new Models.Metadata({ component: imageComponent(subject) }) });
  for (const { path, registration } of inventory.paths) {
    const component = components.get(path) as Models.Component;
    bom.components.add(component);
    for (const to of registration?.references ?? []) addDependency(component, components.get(to));
  }
  const image = bom.metadata.component as Models.Component;
  for (const { path } of topPaths(inventory)) addDependency(image, components.get(path));
  if (inventory.base !== undefined) {
    const base = baseComponent(inventory.base);
    bom.components.add(base);
    addDependency(image, base);
  }
  const normalizer = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6).makeForBom();
  const json = { ...normalizer.normalize(bom, { sortLists: true }), compositions: compositionsOf(subject) };
  const id = documentId(JSON.stringify(json));
  return `${JSON.stringify({ ...json, serialNumber: `urn:uuid:${id}` }, null, 2)}\n`;
}

function addDependency(from: Models.Component, to: Models.Component | undefined): void {
  if (to !== undefined) from.dependencies.add(to.bomRef);
}

function imageComponent({ name, repository, digest, platform, created }: SbomSubject): Models.Component {
  const component = new Component(Enums.ComponentType.Container, name, { bomRef: imageRef });
  if (digest !== undefined) component.version = digest;
  if (repository !== undefined && digest !== undefined) component.purl = imageUrl(repository, digest, platform);
  component.properties.add(new Property('oci:platform', platform));
  if (created !== undefined) component.properties.add(new Property('oci:created', created));
  return component;
}

function baseComponent(base: InventoryBase): Models.Component {
  const component = new Component(Enums.ComponentType.Container, 'base image', { bomRef: baseRef });
  for (const diffId of base.diffIds) component.properties.add(new Property('oci:diff_id', diffId));
  if (base.name === undefined || base.digest === undefined) return component;
  component.name = base.name;
  component.version = base.digest;
  component.purl = imageUrl(parseImageName(base.name), base.digest);
  return component;
}

function componentOf({ path, name, version, purl, cpe, registration, ...of }: InventoryPath): Models.Component {
  const component = new Component(Enums.ComponentType.Library, name, { bomRef: path, purl, cpe: cpe?.name });
  if (version !== '') component.version = version;
  if (registration !== undefined) component.hashes.set(Enums.HashAlgorithm['SHA-256'], registration.narHash);
  for (const license of of.meta?.licenses ?? []) component.licenses.add(licenseOf(license));
  const references = component.externalReferences;
  if (of.meta?.homepage !== undefined) {
    references.add(new ExternalReference(of.meta.homepage, Enums.ExternalReferenceType.Website));
  }
  for (const source of of.sources) {
    addReference(references, source, { type: Enums.ExternalReferenceType.SourceDistribution });
  }
  for (const patch of of.patches) {
    addReference(references, patch, { type: Enums.ExternalReferenceType.Other, comment: 'patch' });
  }
  for (const [key, value] of Object.entries({
    'nix:store_path': path,
    'nix:output': of.output,
    'nix:drv_path': of.drvPath,
    'nix:nar_hash': registration && `sha256:${registration.narHash}`,
    'nix:nar_size': registration?.narSize,
    'nix:cpe': cpe?.origin,
    'nix:rewritten': of.isRewritten,
  })) {
    if (value !== undefined) component.properties.add(new Property(key, String(value)));
  }
  return component;
}

function licenseOf(id: string): Models.License {
  return SPDX.isSupportedSpdxId(id) ? new Models.SpdxLicense(id) : new Models.NamedLicense(id);
}

const hashAlgorithms: Readonly<Record<string, Enums.HashAlgorithm>> = {
  md5: Enums.HashAlgorithm.MD5,
  sha1: Enums.HashAlgorithm['SHA-1'],
  sha256: Enums.HashAlgorithm['SHA-256'],
  sha512: Enums.HashAlgorithm['SHA-512'],
};

/**
 * A file of the checkout has no URL except its store path. The hash of a NAR is not the hash of the file at the URL.
 */
function addReference(
  references: Models.ExternalReferenceRepository,
  { path, url, hash }: SourceFile,
  { type, comment }: { readonly type: Enums.ExternalReferenceType; readonly comment?: string },
): void {
  const nar = hash?.isNar ? `NAR hash ${hash.algorithm}:${hash.hex}` : undefined;
  const said = [comment, nar].filter(Boolean).join(', ');
  const reference = new ExternalReference(url ?? `file://${path}`, type, said === '' ? {} : { comment: said });
  const algorithm = hash && hashAlgorithms[hash.algorithm];
  if (hash !== undefined && !hash.isNar && algorithm !== undefined) reference.hashes.set(algorithm, hash.hex);
  references.add(reference);
}

/** Which contents are complete, incomplete or unknown. CycloneDX, `compositions`; the library does not support them. */
function compositionsOf({ inventory }: SbomSubject) {
  const { paths, base } = inventory;
  const known = paths.filter(({ registration }) => registration !== undefined && !registration.refersOutside);
  const lacking = paths.filter(({ registration }) => registration?.refersOutside === true);
  const unknown = paths.filter(({ registration }) => registration === undefined);
  const dependencies = (some: readonly InventoryPath[]) => some.map(({ path }) => path);
  return [
    { aggregate: isWhole(inventory) ? 'complete' : 'incomplete', assemblies: [imageRef] },
    ...(base === undefined ? [] : [{ aggregate: 'unknown', assemblies: [baseRef], dependencies: [baseRef] }]),
    ...(known.length === 0 ? [] : [{ aggregate: 'complete', dependencies: dependencies(known) }]),
    ...(lacking.length === 0 ? [] : [{ aggregate: 'incomplete', dependencies: dependencies(lacking) }]),
    ...(unknown.length === 0 ? [] : [{ aggregate: 'unknown', dependencies: dependencies(unknown) }]),
  ];
}
