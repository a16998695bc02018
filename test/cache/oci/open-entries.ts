import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type Machine, openMachine, runThere } from '../../support/bare-machine.ts';
import { type Fault, startRegistry } from '../../support/registry.ts';
import type { RegistryAuth } from '../../support/registry-auth.ts';
import { type Cleaned, temporaryDirectory } from '../../support/temporary-directory.ts';
import { addNix } from '../run-job.ts';
import type { Outcome, Use } from './use-entries.ts';

const useEntries = fileURLToPath(new URL('use-entries.ts', import.meta.url));

/** A registry, a machine with paths to save, and what saves and restores them. */
export async function openEntries(t: Cleaned, auth: RegistryAuth = { kind: 'none' }) {
  const setting: { fault: (request: IncomingMessage) => Fault | undefined } = { fault: () => undefined };
  const registry = await startRegistry({
    directory: await temporaryDirectory(t),
    auth,
    onRequest: request => setting.fault(request),
  });
  t.after(() => registry.close());
  const url = `http://${registry.host}/v2/acme/cache`;
  const openWithNix = async () => {
    const machine = await openMachine(t);
    await addNix(machine);
    return machine;
  };
  const commandOf = (uses: readonly Use[]) => [
    ...[process.execPath, useEntries, `${registry.host}/acme/cache`, JSON.stringify(uses)],
  ];
  const use = async (machine: Machine, ...uses: readonly Use[]): Promise<Outcome[]> => {
    const { code, stdout, stderr } = await runThere(machine, commandOf(uses));
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  const source = await openWithNix();
  /** Two small paths, which share a blob, and a large one. */
  const script = `for n in 1 2; do echo $n > file-$n; nix-store --add file-$n; done
    mkdir large; head -c 300000 /dev/urandom > large/data; nix-store --add large`;
  const added = await runThere(source, ['sh', '-euc', `cd ${source.root}; ${script}`]);
  const paths = added.stdout.trim().split('\n').sort();
  assert.equal(paths.length, 3, added.stderr);
  return {
    registry,
    setting,
    source,
    paths,
    commandOf,
    use,
    openWithNix,
    tags: async () => ((await (await fetch(`${url}/tags/list`)).json()) as { tags: string[] }).tags.sort(),
    async read(tag: string) {
      const headers = { accept: 'application/vnd.oci.image.manifest.v1+json' };
      return (await fetch(`${url}/manifests/${tag}`, { headers })).text();
    },
    async put(tag: string, text: string) {
      const headers = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
      const { status } = await fetch(`${url}/manifests/${tag}`, { method: 'PUT', headers, body: text });
      assert.equal(status, 201);
    },
  };
}
