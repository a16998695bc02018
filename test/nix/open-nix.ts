/**
 * Opens Nix, builds an attribute of a file if one is named, and prints a Report as JSON: the installer's test runs this
 * in a mount namespace of its own. Argument: a Request as JSON.
 */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../src/lib/failure.ts';
import { type Built, build } from '../../src/nix/build.ts';
import type { BuildTarget } from '../../src/nix/build-target.ts';
import { openNix } from '../../src/nix/open-nix.ts';
import { pathExists } from '../../src/nix/path-exists.ts';
import type { ToolchainInputs } from '../../src/nix/toolchain.ts';
import type { ToolCache } from '../../src/runtime.ts';
import { openTestRuntime } from './test-runtime.ts';

export interface Request {
  readonly inputs: ToolchainInputs;
  readonly spec?: BuildTarget;
  readonly isDisposable?: boolean;
  /** Directory of a tool cache. */
  readonly tools?: string;
}

export interface Report {
  readonly program?: string;
  readonly version?: string;
  readonly installed?: boolean;
  readonly built?: Built;
  /** Class and message of what was thrown. */
  readonly error?: { readonly name: string; readonly message: string };
  readonly lines: readonly string[];
  readonly exported: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
}

const request = JSON.parse(process.argv[2] ?? '') as Request;
const runtime = await openTestRuntime(process.env, process.cwd(), {
  isDisposable: request.isDisposable ?? false,
  tools: request.tools === undefined ? undefined : openToolCache(request.tools),
});
const { lines, exported, paths } = runtime;

function openToolCache(directory: string): ToolCache {
  const fileOf = (name: string, version: string) => join(directory, `${name}-${version}`);
  return {
    find: async (name, version) => ((await pathExists(fileOf(name, version))) ? fileOf(name, version) : undefined),
    keep: (file, name, version) => copyFile(file, fileOf(name, version)),
  };
}

async function open(): Promise<Partial<Report>> {
  try {
    const nix = await openNix(request.inputs, runtime);
    const { program, version, installed } = nix;
    const { spec } = request;
    const built = spec && (await build(nix, { target: spec, buildArgs: [], impure: false }, runtime));
    return { program, version, installed, ...(built && { built }) };
  } catch (error) {
    return { error: { name: error instanceof Error ? error.name : '', message: messageOf(error) } };
  }
}

console.log(JSON.stringify({ ...(await open()), lines, exported, paths } satisfies Report));
await runtime.close();
