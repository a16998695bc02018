import { withoutLogins } from '../lib/http/url-login.ts';
import { isObject, type Json } from '../lib/json-object.ts';
import { objectIn } from '../lib/parse-json.ts';
import type { Dependency } from './provenance.ts';

/**
 * The inputs that a `flake.lock` pins, by name, without logins, tokens and the like in their URLs. nix3-flake(1), "Lock
 * files".
 */
export function flakeDependencies(lock: string): Dependency[] {
  const { nodes } = objectIn(lock);
  return Object.entries(isObject(nodes) ? nodes : {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, node]) => {
      const { locked } = isObject(node) ? node : ({} as Json);
      return isObject(locked) ? [dependencyOf(name, locked)] : [];
    });
}

function dependencyOf(name: string, locked: Json): Dependency {
  const { rev, narHash } = locked;
  return {
    name,
    uri: uriOf(locked),
    ...(typeof rev === 'string' ? { digest: { gitCommit: rev } } : {}),
    ...(typeof narHash === 'string' ? { annotations: { narHash } } : {}),
  };
}

/** Hosts of the types that name one by `owner` and `repo`. */
const forges: Readonly<Record<string, string>> = { github: 'github.com', gitlab: 'gitlab.com', sourcehut: 'git.sr.ht' };

function uriOf({ type, host, owner, repo, url, path }: Json): string {
  const forge = typeof host === 'string' ? host : forges[String(type)];
  if (forge !== undefined && typeof owner === 'string' && typeof repo === 'string')
    return `git+https://${forge}/${owner}/${repo}`;
  return `${String(type)}:${withoutLogins(withKnownParameters(String(url ?? path ?? '')))}`;
}

/** Parameters that say what a flake is. nix3-flake(1), "Flake reference attributes". */
const flakeParameters: readonly string[] = [
  ...['dir', 'host', 'lastModified', 'narHash', 'ref', 'rev', 'revCount'],
  ...['allRefs', 'exportIgnore', 'lfs', 'shallow', 'submodules'],
];

/** Nix keeps parameters that it does not know in the URL, for the server: there a token may be. */
function withKnownParameters(url: string): string {
  const [, place = '', query = ''] = /^([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
  const kept = query.split('&').filter(parameter => flakeParameters.includes(parameter.split('=')[0] ?? ''));
  return [place, ...(kept.length === 0 ? [] : [kept.join('&')])].join('?');
}
