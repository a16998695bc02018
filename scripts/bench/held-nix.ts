/**
 * Opens Nix as a step does, with entries of the store cache in a directory, and leaves an entry there if it found none.
 * Arguments: the directory, inputs of the step as JSON.
 */
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import { installedPaths } from '../../src/nix/toolchain.ts';
import { openToolchain } from '../../src/stages/build/open-toolchain.ts';
import { saveStore } from '../../src/stages/build/save-store.ts';
import { openTestRuntime } from '../../test/nix/test-runtime.ts';

const [directory = '', texts = '{}'] = process.argv.slice(2);
const values: Readonly<Record<string, string>> = { ...JSON.parse(texts), installable: '.', 'cache-to': directory };
const inputs = parseInputs(name => values[name] ?? '');
const runtime = await openTestRuntime(process.env, directory);
const { nix, fetched } = await openToolchain(inputs, inputs.nix, runtime);
if (fetched?.matchedKey === undefined) {
  const build = { outputs: [], paths: [], toolchain: await installedPaths(nix) };
  await saveStore({ ...(fetched && { key: fetched.key.key }), layers: [], build }, { inputs, runtime });
}
await runtime.close();
