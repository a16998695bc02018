import type { InputName } from '../inputs/input-table.ts';
import type { Command, Flag, Parameter } from './command.ts';
import { inputFlagsOf } from './input-flags.ts';

const registry: Parameter = {
  name: 'REGISTRY',
  description: 'Repository with the entries, as in `cache-to`: oci://ghcr.io/acme/app-cache',
};

const access: readonly InputName[] = ['username', 'insecure-registries', 'trusted-public-keys'];

const own = (name: string, kind: Flag['kind'], description: string): Flag => ({
  ...{ name, kind, description },
  group: 'Store cache',
});

const load = (name: keyof typeof import('./run-cache.ts')) => async () => (await import('./run-cache.ts'))[name];

/** `nix-image cache …`: commands for the store cache in a registry. */
export const cacheCommands: readonly Command[] = [
  {
    name: 'cache list',
    topic: 'Store cache',
    summary: 'List the entries of the store cache in a registry, and count the results',
    examples: [['List them', 'nix-image cache list oci://ghcr.io/acme/app-cache']],
    parameters: [registry],
    flags: inputFlagsOf(...access),
    load: load('list'),
  },
  {
    name: 'cache pull',
    topic: 'Store cache',
    summary: 'Restore the store paths of an entry to this machine',
    examples: [['Get what CI has built last', 'nix-image cache pull oci://ghcr.io/acme/app-cache']],
    parameters: [
      registry,
      {
        name: 'KEY',
        description: 'Key of the entry, or its beginning; without it, the newest entry for this system',
        isOptional: true,
      },
    ],
    flags: inputFlagsOf(...access),
    load: load('pull'),
  },
  {
    name: 'cache push',
    topic: 'Store cache',
    summary: 'Save store paths, with everything that they refer to, as an entry',
    examples: [['Save the result of a build', 'nix-image cache push oci://ghcr.io/acme/app-cache ./result']],
    parameters: [registry, { name: 'PATH', description: 'Store path, or link to one such as ./result', isList: true }],
    flags: [...inputFlagsOf(...access), own('key', 'text', 'Key of the entry; by default one that the paths decide')],
    load: load('push'),
  },
  {
    name: 'cache prune',
    topic: 'Store cache',
    summary: 'Delete old entries and results',
    examples: [
      [
        'See what would be deleted',
        'nix-image cache prune oci://ghcr.io/acme/app-cache --cache-keep "10 30d" --dry-run',
      ],
    ],
    parameters: [registry],
    flags: inputFlagsOf(...access, 'cache-keep', 'dry-run'),
    load: load('prune'),
  },
  {
    name: 'cache serve',
    topic: 'Store cache',
    summary: 'Serve the entries as a binary cache on this machine, until interrupted',
    examples: [
      ['Serve them', 'nix-image cache serve oci://ghcr.io/acme/app-cache --port 8080'],
      ['Build with it', 'nix build .#image --option extra-substituters http://127.0.0.1:8080'],
    ],
    parameters: [registry],
    flags: [...inputFlagsOf(...access), own('port', 'text', 'Port on 127.0.0.1; by default any free one')],
    load: load('serve'),
  },
];
