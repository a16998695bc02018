import type { Json } from '../lib/json-object.ts';
import { storeDirectory, storeHash, storePathName } from '../store-path.ts';
import { type CheckedImage, textAt } from './checked-image.ts';
import { isCertificatePackage, isTlsPackage, toolInStorePath } from './file-names.ts';
import type { FileEntry } from './layer-files.ts';

const storePathPattern = new RegExp(`${storeDirectory}/${storeHash}-[\\w+.?=-]+`, 'g');

/** Store paths that the config names must be in the image. */
export function findMissingStorePaths({ container, files }: CheckedImage): string[] {
  const { Labels: _, ...started } = container;
  const named = new Set(JSON.stringify(started).match(storePathPattern) ?? []);
  return [...named].filter(path => files.find(path) === 'absent').map(path => `${path} is not in the image`);
}

/** Places in which libraries look for certificates if no variable names one. */
const usualCertificates = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/ssl/certs/ca-bundle.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** An image with a TLS library needs CA certificates, in a place that the library knows. */
export function findMissingCertificates({ layers, env, files }: CheckedImage): string[] {
  const named = env.get('SSL_CERT_FILE');
  if (named !== undefined) {
    return files.find(named) === 'absent' ? [`SSL_CERT_FILE is ${named}, which is not in the image`] : [];
  }
  const library = layers
    .map(({ files, storePaths = [] }) => files?.tlsLibrary ?? storePaths.find(isTlsPackage))
    .find(path => path !== undefined);
  const isNamed = env.has('NIX_SSL_CERT_FILE') || env.has('SSL_CERT_DIR');
  if (library === undefined || isNamed || usualCertificates.some(path => files.find(path) !== 'absent')) return [];
  const certificates = layers
    .map(({ files, storePaths = [] }) => files?.certificates ?? storePaths.find(isCertificatePackage))
    .find(path => path !== undefined);
  return certificates === undefined
    ? [`the image has ${library}, but no CA certificates`]
    : [`the image has CA certificates in ${certificates}, but SSL_CERT_FILE does not name them`];
}

/** Engines look up the names of users and groups in the image when the container starts. */
export function findUnknownUser({ container, files }: CheckedImage): string[] {
  const [user = '', group = ''] = textAt(container, 'User').split(':');
  const find = (what: string, name: string, path: string) => {
    if (/^\d*$/.test(name)) return [];
    const found = files.find(path);
    if (found === 'absent') return [`the ${what} ${name} is a name, and the image has no ${path}`];
    const text = typeof found === 'string' ? undefined : found.text;
    const isListed = text === undefined || text.split('\n').some(line => line.startsWith(`${name}:`));
    return isListed ? [] : [`the ${what} ${name} is not in ${path}`];
  };
  return [...find('user', user, '/etc/passwd'), ...find('group', group, '/etc/group')];
}

/** The user of the image must be able to write to /tmp. */
export function findMissingTmp({ container, files }: CheckedImage): string[] {
  const found = files.find('/tmp');
  if (found === 'unknown') return [];
  if (found === 'absent') return ['the image has no /tmp'];
  if (typeof found === 'string' || found.type !== 'directory') return ['/tmp is not a directory'];
  const user = userOf(container);
  if (isRoot(user) || Number(user) === found.uid || (found.mode & 0o002) !== 0) return [];
  return [`/tmp has mode ${octal(found)}, so the user ${user} cannot write to it`];
}

/** Engines create a missing directory, and it belongs to root. */
export function findMissingWorkingDir({ container, files }: CheckedImage): string[] {
  const path = textAt(container, 'WorkingDir');
  if (path === '') return [];
  const found = files.find(path);
  if (found === 'unknown' || (typeof found !== 'string' && found.type === 'directory')) return [];
  const user = userOf(container);
  if (found !== 'absent') return [`WorkingDir ${path} is not a directory`];
  return isRoot(user) ? [] : [`WorkingDir ${path} is not in the image, and the user is ${user}`];
}

/** The user that the container starts as, by number or name; empty for root. */
function userOf(container: Json): string {
  return textAt(container, 'User').split(':')[0] ?? '';
}

function isRoot(user: string): boolean {
  return user === '' || user === 'root' || Number(user) === 0;
}

/** Files that run with the rights of their owner or group, whoever starts them. */
export function findSetuid(image: CheckedImage): string[] {
  return visibleFiles(image, ({ type, mode }) => type === 'file' && (mode & 0o6000) !== 0);
}

/** Files and directories that everyone may change; in a sticky directory nobody can replace the files of others. */
export function findWorldWritable(image: CheckedImage): string[] {
  return visibleFiles(
    image,
    ({ type, mode }) => (mode & 0o002) !== 0 && (type === 'file' || (type === 'directory' && (mode & 0o1000) === 0)),
  );
}

function visibleFiles({ layers, files }: CheckedImage, isMeant: (entry: FileEntry) => boolean): string[] {
  const found: string[] = [];
  for (const { files: layer } of layers) {
    for (const [path, entry] of layer?.entries ?? []) {
      if (layer !== undefined && isMeant(entry) && files.isVisible(path, layer)) {
        found.push(`${path} (mode ${octal(entry)})`);
      }
    }
  }
  return found;
}

/** Files with secrets in any layer: whoever has the image can read them, even if a layer above removes them. */
export function findSecretFiles({ layers }: CheckedImage): string[] {
  return layers.flatMap(({ files }) => [...(files?.secrets ?? [])].map(([path, kind]) => `${path} (${kind})`));
}

/** Compilers, and outputs with headers. */
export function findBuildTools({ layers }: CheckedImage): string[] {
  const found = new Map<string, string>();
  for (const { files, storePaths } of layers) {
    for (const [path, kind] of files?.buildTools ?? []) found.set(path, kind);
    for (const path of storePaths ?? files?.storeSizes.keys() ?? []) {
      const kind = toolInStorePath(path);
      if (kind !== undefined && !found.has(path)) found.set(path, kind);
    }
  }
  return [...found].map(([path, kind]) => `${storePathName(path)} (${kind})`);
}

function octal({ mode }: FileEntry): string {
  return mode.toString(8).padStart(4, '0');
}
