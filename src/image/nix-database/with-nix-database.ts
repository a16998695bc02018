import { posix } from 'node:path';
import { Failure } from '../../lib/failure.ts';
import { configOf } from '../../oci/config.ts';
import type { Image } from '../../oci/image.ts';
import { bytesOf } from '../../tar/byte-string.ts';
import type { ClosurePath } from '../layering/layering.ts';
import type { Directory } from '../package/link-tree.ts';
import { rootLayer } from '../package/root-layer.ts';
import { databaseSchema, nixDatabase, type ValidPath } from './nix-database.ts';

interface Registering {
  /** Names the image in errors: its path and shape. */
  readonly description: string;
  /** Facts about these store paths and everything they refer to; a Failure if they are unknown. */
  readonly readClosure: (paths: readonly string[]) => Promise<ReadonlyMap<string, ClosurePath>>;
}

/**
 * The image with a last layer in which a Nix in the container, and scanners, find the image's store paths registered,
 * as with `includeNixDB` of dockerTools: `/nix/var/nix/db`, and garbage collector roots in
 * `/nix/var/nix/gcroots/docker`. The same paths give the same bytes. A Failure if the store paths of the image are not
 * known, or refer to others.
 */
export async function withNixDatabase(image: Image, { description, readClosure }: Registering): Promise<Image> {
  const paths = [...new Set(image.layers.flatMap(layer => layer.storePaths ?? layer.wholeStorePaths ?? []))].sort();
  if (paths.length === 0) {
    throw new Failure(
      `Cannot use nix-db for ${description}: which store paths its layers contain is not known. ` +
        'Remove nix-db, or build a streamLayeredImage, a nix2container image or a package.',
    );
  }
  const valid = registrationsOf(paths, await readClosure(paths), description);
  const comment = 'database of Nix';
  const layer = { ...rootLayer(filesOf(valid), '/nix/var/'), contents: { paths: [], history: comment } };
  const { rootfs: _, history, ...json } = image.config.json;
  const entries = Array.isArray(history) ? history : [];
  const config = {
    ...json,
    rootfs: { type: 'layers' },
    // An image without history stays without: engines require one entry for each layer, or none.
    ...(entries.length === 0 ? {} : { history: [...entries, { created: '1970-01-01T00:00:01Z', comment }] }),
  };
  return { ...image, config: configOf(config, description), layers: [...image.layers, layer] };
}

/**
 * What Nix knows about the store paths of the image. A Failure if one of them refers to a path that is not in the
 * image.
 */
function registrationsOf(
  paths: readonly string[],
  closure: ReadonlyMap<string, ClosurePath>,
  description: string,
): ValidPath[] {
  const inImage = new Set(paths);
  return paths.map(path => {
    const { narHash, narSize, references } = closure.get(path) as ClosurePath;
    const missing = references.find(reference => !inImage.has(reference));
    if (missing === undefined) return { path, narHash, narSize, references };
    throw new Failure(
      `Cannot use nix-db for ${description}: ${path} refers to ${missing}, which is not in the image as a whole store path, ` +
        'so Nix could not register it. Remove nix-db, or put that path into the image.',
    );
  });
}

function filesOf(valid: readonly ValidPath[]): Directory {
  const referred = new Set(valid.flatMap(({ path, references }) => references.filter(to => to !== path)));
  // These keep all others from the garbage collector.
  const roots = valid.filter(({ path }) => !referred.has(path));
  const links = roots.map(({ path }) => [bytesOf(posix.basename(path)), { link: bytesOf(path) }] as const);
  const database: Directory = new Map([
    ['db.sqlite', { text: nixDatabase(valid) }],
    ['schema', { text: databaseSchema }],
  ]);
  const gcroots: Directory = new Map([['docker', new Map(links)]]);
  return new Map([
    [
      'nix',
      new Map([
        ['db', database],
        ['gcroots', gcroots],
      ]),
    ],
  ]);
}
