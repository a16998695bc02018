import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { InputName } from '../../src/inputs/input-table.ts';
import type { Inputs } from '../../src/inputs/inputs.ts';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import { hasImages, type ImageResult, type RunResult } from '../../src/report/result.ts';
import { actions } from '../../src/run.ts';
import type { WorkflowContext } from '../../src/runtime.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';

export type Texts = { readonly [name in InputName]?: string };

export interface Ran {
  readonly result: RunResult;
  readonly image: ImageResult;
  readonly outputs: Readonly<Record<string, string>>;
  /** The log, `level: text`. */
  readonly lines: readonly string[];
}

export interface Surroundings {
  readonly context?: WorkflowContext;
  /** The checkout; the root of the file system if not given. */
  readonly directory?: string;
  /** Without it there is no program at all, and so no Nix. */
  readonly path?: string | undefined;
  /** Where logins are; nobody's if not given. */
  readonly home?: string;
  /** Further variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a step with these inputs, whatever its mode. */
export async function runMode(t: TestContext, texts: Texts, surroundings: Surroundings = {}): Promise<Ran> {
  const { context = {}, directory = '/', path = '/nonexistent', home = '/nonexistent', env = {} } = surroundings;
  const runtime = await openTestRuntime({ HOME: home, PATH: path, ...env }, directory, { context });
  t.after(() => runtime.close());
  const images = parseImages(name => texts[name] ?? '');
  const mode: Inputs['mode'] = images[0].mode;
  const result = await actions[mode](images, runtime);
  assert.ok(hasImages(result));
  const [image] = result.images;
  assert.ok(image !== undefined);
  return { result, image, outputs: outputsOf(result), lines: runtime.lines };
}

/** The digests of all blobs that are layers, platform by platform. */
export function layersOf({ platforms }: ImageResult): string[] {
  return platforms.flatMap(({ layers }) => layers.map(({ descriptor }) => descriptor.digest));
}
