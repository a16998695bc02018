import { posix } from 'node:path';
import { Failure } from '../../lib/failure.ts';
import type { Json } from '../../lib/json-object.ts';
import { configOf } from '../../oci/config.ts';
import type { Image, Layer } from '../../oci/image.ts';
import { contentsOf } from '../../oci/layer-contents.ts';
import { bytesOf } from '../../tar/byte-string.ts';
import {
  type ClosurePath,
  defaultMaxLayers,
  type Layering,
  layersOfClosure,
  storePathsComment,
} from '../layering/layering.ts';
import { envOf } from '../merge-env.ts';
import { layerIdentity } from '../store-layer/layer-identity.ts';
import {
  type MissingPaths,
  openLayerFromNars,
  openStreamLayer,
  type StreamLayer,
} from '../store-layer/stream-layer.ts';
import type { Locate } from '../store-layer/walk-files.ts';
import { type Directory, linkTree, pathsByName } from './link-tree.ts';
import { findMainProgram } from './main-program.ts';
import { checkConfig, mergeConfigs } from './package-config.ts';
import { rootLayer } from './root-layer.ts';
import { filesOnDisk, openStoreTree, type StoreEntry, type StoreFiles, type StoreTree } from './store-tree.ts';
import { addUser, checkUser } from './user.ts';

export interface PackageImageOptions {
  /** Store path of the package. */
  readonly path: string;
  /** Store paths of packages to link at the root. */
  readonly contents: readonly string[];
  /** By store path: the package, the contents, and everything they refer to. */
  readonly closure: ReadonlyMap<string, ClosurePath>;
  /** `meta.mainProgram` of the package. */
  readonly mainProgram?: string | null | undefined;
  /** The `config` of an image config, merged over the derived one, OCI image-spec config.md. */
  readonly config: unknown;
  /** A number, two numbers with a colon, or a name. */
  readonly user?: string | undefined;
  /** `stable` if undefined. */
  readonly layering?: Layering | undefined;
  /** Most layers of the whole image, including its base. */
  readonly maxLayers?: number | undefined;
  /** Layers that the image gets later, on top. */
  readonly layersAbove?: number;
  /** In Go's and images' spelling: `amd64`. */
  readonly architecture: string;
  /** The image to build on. */
  readonly base?: Image | undefined;
  readonly locate?: Locate | undefined;
  /** Those of the closure that the store lacks, and a view of the store that has them too. */
  readonly missing?: (MissingPaths & { readonly files: StoreFiles }) | undefined;
}

// One second after the epoch, like all files of the store; a clock would change the digest.
const created = '1970-01-01T00:00:01Z';
const owner = { mtime: 1, uid: 0, gid: 0, uname: 'root', gname: 'root' };
const bundle = 'etc/ssl/certs/ca-bundle.crt';
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Symlinks into /usr in many bases; a directory with that name in a layer would hide their content. */
const mergedUsr = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

/**
 * An image of a package, without an image recipe: its closure in layers, and above it a layer with the contents and the
 * package's programs linked at the root, /tmp and the user. It starts the package's main program. The same closure
 * always gives the same image.
 *
 * On a base, the base's own /tmp and users stay, PATH finds the programs instead of links in /bin, and everything in
 * the contents is linked except /bin, /lib and the like.
 */
export function openPackageImage(options: PackageImageOptions): Image {
  const { path, base, user, layering = 'stable', maxLayers = defaultMaxLayers, locate = same => same } = options;
  const { layersAbove = 0 } = options;
  if (layering === 'as-built') {
    throw new Failure(
      `Cannot use layering: as-built for ${path}: it is a package, which has no layers yet. Use stable, which is the default, or popularity.`,
    );
  }
  checkConfig(options.config);
  if (user !== undefined) checkUser(user, { isOnBase: base !== undefined });
  checkClosure(options);
  checkPlatform(options);
  const { missing } = options;
  const storeDirectory = posix.dirname(path);
  const tree = openStoreTree(storeDirectory, missing?.files ?? filesOnDisk(storeDirectory, locate));
  const root = rootOf(options, tree);
  const top = root.size === 0 ? [] : [rootLayer(root)];
  const below = base?.layers ?? [];
  const room = maxLayers - below.length - top.length - layersAbove;
  if (room < 1) {
    throw new Failure(
      `Cannot build an image of ${path} with ${maxLayers} layers: the base has ${below.length}, links at the root and layers on top take ${top.length + layersAbove}, and the store needs at least one. Increase max-layers.`,
    );
  }
  const store = layersOfClosure(layering, options.closure, room);
  const layers = [...below, ...store.map(paths => storeLayer(paths, options)), ...top];
  const comments = [...store.map(storePathsComment), ...top.map(() => 'links at /')];
  const config = mergeConfigs([baseConfigOf(base), ownConfig(options, options.config, tree), options.config]);
  const history = [...baseHistory(base), ...comments.map(comment => ({ created, comment }))];
  return { config: imageConfig(options, config, history), layers };
}

function checkClosure({ path, contents, closure }: PackageImageOptions): void {
  const storeDirectory = posix.dirname(path);
  for (const root of [path, ...contents]) {
    if (!closure.has(root)) throw new Failure(`Cannot build an image of ${path}: ${root} is missing from its closure.`);
  }
  for (const storePath of closure.keys()) {
    if (posix.isAbsolute(storePath) && posix.dirname(storePath) === storeDirectory) continue;
    throw new Failure(
      `Cannot build an image of ${path}: "${storePath}" in its closure is not a path in ${storeDirectory}.`,
    );
  }
}

function checkPlatform({ path, base, architecture }: PackageImageOptions): void {
  if (base === undefined) return;
  const { os, architecture: of } = base.config.json;
  if (os === 'linux' && of === architecture) return;
  throw new Failure(
    `Cannot build an image of ${path} on this base: the package is for linux/${architecture}, but the base is for ${os}/${of}.`,
  );
}

function storeLayer(
  paths: readonly string[],
  { closure, locate = same => same, missing }: Pick<PackageImageOptions, 'closure' | 'locate' | 'missing'>,
): Layer {
  const layer: StreamLayer = { paths, owner, nixMode: 0o755 };
  const isWhole = missing === undefined || !paths.some(missing.isMissing);
  return {
    diffId: undefined,
    identity: layerIdentity(layer, path => closure.get(path)?.narHash ?? ''),
    encoding: 'tar',
    contents: contentsOf(paths),
    storePaths: paths,
    reportsMembers: true,
    open: use => (isWhole ? openStreamLayer(layer, locate, use) : openLayerFromNars(layer, { missing, locate }, use)),
  };
}

/** The files at the root besides the store. */
function rootOf({ path, contents, base, user }: PackageImageOptions, tree: StoreTree): Directory {
  const bin = bytesOf(`${path}/bin`);
  const claims = pathsByName(
    contents.map(content => directoryAt(content, tree)),
    tree,
  );
  // Directories with files that packages provide for builds of other packages, often under the same names.
  claims.delete('nix-support');
  if (base !== undefined) {
    for (const name of mergedUsr) claims.delete(name);
    return linkTree(claims, tree);
  }
  if (tree.find(bin)?.type === 'directory') claims.set('bin', [bin, ...(claims.get('bin') ?? [])]);
  const root = linkTree(claims, tree);
  if (!root.has('tmp')) root.set('tmp', new Map());
  if (user !== undefined) addUser(root, user);
  return root;
}

function directoryAt(path: string, tree: StoreTree): StoreEntry {
  const entry = tree.find(bytesOf(path));
  if (entry?.type === 'directory') return entry;
  const found = entry === undefined ? 'it does not exist' : 'it is a file';
  throw new Failure(
    `Cannot link the contents of ${path} at the root: ${found}. Name only packages that are directories.`,
  );
}

/** The part of the config that the package itself determines. */
function ownConfig(options: PackageImageOptions, config: Json, tree: StoreTree): Json {
  const program = findMainProgram(options, tree);
  const isNamed = Object.hasOwn(config, 'Entrypoint') || Object.hasOwn(config, 'Cmd');
  if (program instanceof Failure && !isNamed) throw program;
  const certificates = findCertificates(options, tree);
  return {
    ...(options.user === undefined ? {} : { User: options.user }),
    Env: [
      `PATH=${searchPath(options, tree)}`,
      ...(certificates === undefined ? [] : [`SSL_CERT_FILE=${certificates}`]),
    ],
    ...(program instanceof Failure ? {} : { Entrypoint: [program] }),
  };
}

function searchPath({ path, contents, base }: PackageImageOptions, tree: StoreTree): string {
  if (base === undefined) return '/bin';
  const of = envOf(baseConfigOf(base), 'the base image').find(entry => entry.startsWith('PATH='));
  const bins = [path, ...contents].map(root => `${root}/bin`);
  const own = bins.filter(bin => tree.find(bytesOf(bin))?.type === 'directory');
  return [...new Set(own), of?.slice('PATH='.length) ?? defaultPath].join(':');
}

/** The CA certificates in the image: among the contents, or in a package `cacert` that something refers to. */
function findCertificates({ contents, closure }: PackageImageOptions, tree: StoreTree): string | undefined {
  const isCacert = (path: string) => /^[^-]*-(?:nss-)?cacert(?:-|$)/.test(posix.basename(path));
  const candidates = [...contents, ...[...closure.keys()].filter(isCacert).sort()];
  return candidates.map(path => `${path}/${bundle}`).find(file => tree.find(bytesOf(file))?.type === 'file');
}

function baseConfigOf(base: Image | undefined): Json {
  return (base?.config.json.config ?? {}) as Json;
}

/** History of the base, replaced if it does not fit its layers, because Docker requires one entry for each. */
function baseHistory(base: Image | undefined): readonly unknown[] {
  const { layers, config } = base ?? { layers: [], config: { json: {} as Json } };
  const { history } = config.json;
  const fits = Array.isArray(history) && history.filter(entry => entry?.empty_layer !== true).length === layers.length;
  return fits ? history : layers.map(() => ({ created }));
}

/** `rootfs.diff_ids` is omitted, because only reading the layers determines them. */
function imageConfig({ path, architecture, base }: PackageImageOptions, config: Json, history: readonly unknown[]) {
  const variant = base?.config.json.variant;
  const json = {
    created,
    architecture,
    ...(variant === undefined ? {} : { variant }),
    os: 'linux',
    config,
    rootfs: { type: 'layers' },
    history,
  };
  return configOf(json, `the image of ${path}`);
}
