/**
 * The whole path on real input: builds examples/hello, labels it from git, pushes it, pushes it again, reads it back.
 * Pushes to a registry on loopback that lives in .cache, or to the reference given: `npm run demo -- ghcr.io/you/hello:demo`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openTransport } from '../src/lib/http/transport.ts';
import { labelsOf, parseConfig } from '../src/oci/config.ts';
import { digestOf } from '../src/oci/digest.ts';
import { formatReference, parseReference, type Reference } from '../src/oci/reference.ts';
import { openClient } from '../src/registry/access/client.ts';
import { readBlob } from '../src/registry/content/blobs.ts';
import { getManifest } from '../src/registry/content/manifests.ts';
import { startRegistry } from '../test/support/registry.ts';

const root = new URL('..', import.meta.url).pathname;
const silent = () => {};
const log = {
  info: silent,
  notice: silent,
  warning: silent,
  debug: silent,
  secret: silent,
  activity: () => ({ add() {}, end() {} }),
  masked: (text: string) => text,
  group: <T>(_: string, body: () => Promise<T>) => body(),
};

const [name] = process.argv.slice(2);
const registry = name === undefined ? await startRegistry({ directory: `${root}.cache/demo-registry` }) : undefined;
try {
  const reference = parseReference(name ?? `${registry?.host}/examples/hello:demo`);
  for (const heading of ['First push', 'The same again: nothing is left to send']) {
    console.log(`\n=== ${heading}\n`);
    await build(reference);
  }
  console.log(`\n=== Read back from ${reference.host}\n`);
  await readBack(reference);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await registry?.close();
}

/** The local command, as a person would type it. The example's builders are the host's own tools, so it goes without a sandbox. */
async function build(reference: Reference): Promise<void> {
  const args = ['--installable', `path:${root}examples/hello#image`, '--tags', formatReference(reference), '--push'];
  const settings = ['--nix-conf', 'sandbox = false', '--nix-conf', 'substituters ='];
  const child = spawn(process.execPath, [`${root}dist/cli.mjs`, 'build', ...args, ...settings], {
    stdio: 'inherit',
    cwd: root,
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('The demo ends here: the build or the push failed, see above.');
}

async function readBack(reference: Reference): Promise<void> {
  const transport = openTransport({ insecureHosts: [], env: process.env });
  try {
    const client = await openClient(reference, {
      transport,
      insecureRegistries: [],
      env: process.env,
      log,
      actions: 'pull',
      mountSources: [],
    });
    const bytes = await getManifest(client, reference.tag);
    const manifest = JSON.parse(bytes.toString('utf8'));
    const config = parseConfig(await readBlob(client, manifest.config), 'the config that was read back');
    console.log(`reference  ${formatReference(reference)}\ndigest     ${digestOf(bytes)}\nlabels`);
    for (const [key, value] of Object.entries(labelsOf(config))) console.log(`  ${key}=${value}`);
    console.log('layers');
    for (const layer of manifest.layers) console.log(`  ${layer.digest}  ${layer.size} bytes`);
  } finally {
    await transport.close();
  }
}
