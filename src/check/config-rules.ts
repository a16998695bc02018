import { type CheckedImage, textsAt } from './checked-image.ts';
import { isNamedSecret, secretIn } from './secrets.ts';

/** `maxLayerDepth` in https://github.com/moby/moby/blob/master/layer/layer_store.go */
const mostLayers = 125;

/** Docker refuses an image with more layers. */
export function findTooManyLayers({ layers }: CheckedImage): string[] {
  return layers.length > mostLayers ? [`the image has ${layers.length} layers`] : [];
}

/** Nix sets the first second of 1970 unless the expression sets another time. */
export function findOldCreated({ json }: CheckedImage): string[] {
  const { created } = json;
  return typeof created === 'string' && created.startsWith('1970-01-01T') ? [`created is ${created}`] : [];
}

/** The `source` label must name the repository that the run is for. */
export function findForeignSource({ labels, repositoryUrl }: CheckedImage): string[] {
  const key = 'org.opencontainers.image.source';
  const source = labels.get(key);
  if (source === undefined || repositoryUrl === undefined) return [];
  return normalizeUrl(source) === normalizeUrl(repositoryUrl) ? [] : [`${key} is ${source}, not ${repositoryUrl}`];
}

function normalizeUrl(url: string): string {
  const parts = url.toLowerCase().split('/').filter(Boolean);
  return parts.join('/').replace(/\.git$/, '');
}

/** Names variables, labels and arguments that hold a secret, never the secret itself. */
export function findSecretsInConfig({ env, labels, container }: CheckedImage): string[] {
  const named = (what: string, entries: ReadonlyMap<string, string>) =>
    [...entries].flatMap(([name, value]) => {
      const kind = secretIn(value) ?? (isNamedSecret(name, value) ? 'value with the name of a secret' : undefined);
      return kind === undefined ? [] : [`${what} ${secretIn(name) === undefined ? name : '…'} (${kind})`];
    });
  const inArguments = ['Entrypoint', 'Cmd'].flatMap(field => {
    const kind = secretIn(textsAt(container, field).join('\n'));
    return kind === undefined ? [] : [`${field} (${kind})`];
  });
  return [...named('variable', env), ...named('label', labels), ...inArguments];
}
