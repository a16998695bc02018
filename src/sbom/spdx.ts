import * as SPDX from '@cyclonedx/cyclonedx-library/SPDX';
import { parseImageName } from '../oci/reference.ts';
import {
  type Cpe,
  describeGaps,
  type InventoryBase,
  type InventoryPath,
  type SbomSubject,
  type SourceFile,
  topPaths,
} from './inventory.ts';
import { imageUrl } from './package-url.ts';
import { namespaceOf, rewrittenNote, secondsOf } from './spdx-header.ts';

const unknown = 'NOASSERTION';
const imageId = 'SPDXRef-image';
const baseId = 'SPDXRef-base';

/**
 * A bill of materials in SPDX 2.3 (JSON): a package for each store path, and one for the base. The same image gives the
 * same bytes.
 */
export function spdx(subject: SbomSubject): string {
  const { inventory, name, created } = subject;
  const { paths, base } = inventory;
  const ids = new Map(paths.map(({ path }) => [path, idOf(path)]));
  const packages = [imagePackage(subject), ...paths.map(packageOf), ...(base === undefined ? [] : [basePackage(base)])];
  const relationships = [
    related('SPDXRef-DOCUMENT', 'DESCRIBES', imageId),
    ...paths.map(({ path }) => related(imageId, 'CONTAINS', idOf(path))),
    ...(base === undefined ? [] : [related(imageId, 'DESCENDANT_OF', baseId), related(baseId, 'CONTAINS', unknown)]),
    ...(inventory.hasUnknownLayers ? [related(imageId, 'CONTAINS', unknown)] : []),
    ...topPaths(inventory).map(({ path }) => related(imageId, 'DEPENDS_ON', idOf(path))),
    ...paths.flatMap(path => dependenciesOf(path, ids)),
  ];
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name,
    comment: describeGaps(inventory).join('\n') || 'All files of the image are listed.',
    creationInfo: { created: secondsOf(created), creators: ['Tool: nix-image'] },
    packages,
    relationships,
  };
  const documentNamespace = namespaceOf(JSON.stringify(document));
  return `${JSON.stringify({ ...document, documentNamespace }, null, 2)}\n`;
}

function related(spdxElementId: string, relationshipType: string, relatedSpdxElement: string) {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

/** The id of a path's package, from the hash in its name: no other path in the store has it. */
function idOf(path: string): string {
  return `SPDXRef-${path.split('/').at(-1)?.slice(0, 32)}`;
}

/** The dependencies of a path, with NOASSERTION among them if some are unknown. */
function dependenciesOf({ path, registration }: InventoryPath, ids: ReadonlyMap<string, string>) {
  const known = (registration?.references ?? []).flatMap(to => ids.get(to) ?? []);
  const more = registration === undefined || registration.refersOutside ? [unknown] : [];
  return [...known, ...more].map(id => related(idOf(path), 'DEPENDS_ON', id));
}

const nothingKnown = { filesAnalyzed: false, licenseConcluded: unknown, copyrightText: unknown };

function imagePackage({ name, repository, digest, platform }: SbomSubject) {
  return {
    SPDXID: imageId,
    name,
    ...(digest === undefined ? {} : { versionInfo: digest }),
    primaryPackagePurpose: 'CONTAINER',
    downloadLocation: unknown,
    licenseDeclared: unknown,
    ...nothingKnown,
    comment: platform,
    ...(repository === undefined || digest === undefined ? {} : purlRef(imageUrl(repository, digest, platform))),
  };
}

function basePackage(base: InventoryBase) {
  const { name = 'base image', digest, diffIds } = base;
  const common = { SPDXID: baseId, primaryPackagePurpose: 'CONTAINER', licenseDeclared: unknown, ...nothingKnown };
  const comment = diffIds.length === 0 ? {} : { comment: diffIds.join(' ') };
  if (digest === undefined) return { ...common, name, downloadLocation: unknown, ...comment };
  const purl = purlRef(imageUrl(parseImageName(name), digest));
  return { ...common, name, versionInfo: digest, downloadLocation: unknown, ...comment, ...purl };
}

function packageOf({ path, name, version, purl, cpe, registration, ...of }: InventoryPath) {
  const [source] = of.sources;
  const { homepage, licenses = [] } = of.meta ?? {};
  const [license, ...others] = licenses;
  return {
    SPDXID: idOf(path),
    name,
    ...(version === '' ? {} : { versionInfo: version }),
    packageFileName: path,
    downloadLocation: source?.url ?? unknown,
    ...(homepage === undefined ? {} : { homepage }),
    licenseDeclared: license !== undefined && isExpression(license, others) ? license : unknown,
    ...(license === undefined || isExpression(license, others) ? {} : { licenseComments: licenses.join('\n') }),
    ...nothingKnown,
    ...(registration === undefined
      ? {}
      : { checksums: [{ algorithm: 'SHA256', checksumValue: registration.narHash }] }),
    externalRefs: [...purlRef(purl).externalRefs, ...(cpe === undefined ? [] : [cpeRef(cpe)])],
    ...textOf('sourceInfo', [
      ...of.sources.map(file => describeFile('source', file)),
      ...of.patches.map(file => describeFile('patch', file)),
    ]),
    ...textOf('comment', [
      of.output && `output ${of.output}`,
      of.drvPath && `derivation ${of.drvPath}`,
      registration && `NAR of ${registration.narSize} bytes; the checksum is that of the NAR`,
      of.isRewritten ? rewrittenNote : undefined,
    ]),
  };
}

/** Several licences may mean "and" or "or". SPDX 2.3, annex D. */
function isExpression(license: string, others: readonly string[]): boolean {
  return others.length === 0 && SPDX.isSupportedSpdxId(license);
}

/** A field with these lines; no field if there are none. */
function textOf(field: string, lines: readonly (string | undefined)[]) {
  const said = lines.filter(Boolean);
  return said.length === 0 ? {} : { [field]: said.join('\n') };
}

function cpeRef({ name, origin }: Cpe) {
  return { referenceCategory: 'SECURITY', referenceType: 'cpe23Type', referenceLocator: name, comment: origin };
}

function purlRef(locator: string) {
  return {
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: locator }],
  };
}

function describeFile(kind: string, { path, url, hash }: SourceFile): string {
  const digest = hash && `${hash.isNar ? 'NAR hash ' : ''}${hash.algorithm}:${hash.hex}`;
  return [`${kind}: ${url ?? path}`, digest].filter(Boolean).join(' ');
}
