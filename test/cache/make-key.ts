import { run } from '../support/run.ts';

/** A new pair of Nix's signing keys, of the same name each time. */
export async function makeKey(): Promise<{ readonly secret: string; readonly public: string }> {
  const features = ['--extra-experimental-features', 'nix-command'];
  const secret = await run('nix', ['key', 'generate-secret', ...features, '--key-name', 'cache.test-1']);
  return {
    secret,
    public: await run('nix', ['key', 'convert-secret-to-public', ...features], { input: secret }),
  };
}
