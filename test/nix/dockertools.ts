import { fileURLToPath } from 'node:url';
import { build } from '../../src/nix/build.ts';
import type { BuildInputs, BuildTarget } from '../../src/nix/build-target.ts';
import { openNix } from '../../src/nix/open-nix.ts';
import type { Nix } from '../../src/nix/toolchain.ts';
import { openTestRuntime, type TestRuntime } from './test-runtime.ts';

/** The fixture's directory. */
export const flake = fileURLToPath(new URL('../fixtures/dockertools', import.meta.url));

/**
 * The machine's Nix, or the one of a directory of programs, without a network, and a host whose directory is test/fixtures.
 * Close the host at the end.
 */
export async function openFixtureNix(programs?: string): Promise<{ nix: Nix; runtime: TestRuntime }> {
  const PATH = [...(programs === undefined ? [] : [programs]), process.env.PATH].join(':');
  const runtime = await openTestRuntime(
    { ...process.env, PATH },
    fileURLToPath(new URL('../fixtures', import.meta.url)),
  );
  return { nix: await openNix({ nixConf: ['substituters =', 'build-users-group ='] }, runtime), runtime };
}

/** An image of test/fixtures/dockertools. */
export function dockertools(attribute: string): BuildTarget {
  // path: also sees files that git does not track yet.
  return { kind: 'installable', installable: `path:${flake}#${attribute}` };
}

/** What the action gives to Nix beside the spec: here, that builders see the host's tools. */
export function inputsOf(spec: BuildTarget): BuildInputs {
  return { target: spec, buildArgs: ['--option', 'sandbox', 'false'], impure: false };
}

/** Builds the spec and returns its store path. */
export async function buildFixture(
  { nix, runtime }: { nix: Nix; runtime: TestRuntime },
  spec: BuildTarget,
): Promise<string> {
  return (await build(nix, inputsOf(spec), runtime)).path;
}
