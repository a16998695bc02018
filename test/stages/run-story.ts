import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import type { ImageResult } from '../../src/report/result.ts';
import { actions } from '../../src/run.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';

const root = new URL('../../', import.meta.url).pathname;

/** The example's builders are the host's own tools. */
const defaults = { 'nix-conf': 'sandbox = false\nsubstituters =' };

/** Runs a step with these inputs on this machine, in the root of the project and with nobody's logins; gives its image. */
export async function runStory(
  t: TestContext,
  mode: 'build' | 'index',
  texts: Readonly<Record<string, string>>,
): Promise<ImageResult> {
  const runtime = await openTestRuntime({ HOME: '/nonexistent', PATH: process.env.PATH }, root);
  t.after(() => runtime.close());
  const given: Readonly<Record<string, string>> = { ...(mode === 'build' ? defaults : {}), mode, ...texts };
  const [image] = (await actions[mode]([parseInputs(name => given[name] ?? '')], runtime)).images;
  assert.ok(image !== undefined);
  return image;
}
