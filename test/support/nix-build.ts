import { run } from './run.ts';

/** Leading arguments of every `nix` in the tests: flakes on, the host's tools visible, nothing from the network. */
export const nixArguments = [
  '--extra-experimental-features',
  'nix-command flakes',
  '--option',
  'sandbox',
  'false',
  '--option',
  'substituters',
  '',
] as const;

/** The same for our command. No line of `build-args` is empty, so `--offline` stands for the substituters. */
export const buildFlags = [...nixArguments.slice(0, -3), '--offline'].flatMap(argument => ['--build-args', argument]);

const examples = new URL('../../examples/', import.meta.url).pathname;

/** Builds one package of `examples/hello` and returns its store path. */
export async function buildHello(attribute: string): Promise<string> {
  // path: also sees files that git does not track yet.
  const installable = `path:${examples}hello#${attribute}`;
  const built: unknown = JSON.parse(await run('nix', ['build', ...nixArguments, '--no-link', '--json', installable]));
  const [{ outputs }] = built as [{ outputs: { out: string } }];
  return outputs.out;
}
