import type { Inputs } from '../../inputs/inputs.ts';
import { isPath } from '../../inputs/is-path.ts';
import { openTransport } from '../../lib/http/transport.ts';
import { parseImageName } from '../../oci/reference.ts';
import type { Runtime } from '../../runtime.ts';
import type { StageContext } from '../stage-context.ts';

/**
 * Runs `body` with access to registries, and closes the connections afterwards. A login from the inputs goes
 * only to the registries of `names` (references or paths).
 */
export async function withRegistries<T>(
  { inputs, names, runtime }: { readonly inputs: Inputs; readonly names: readonly string[]; readonly runtime: Runtime },
  body: (context: StageContext) => Promise<T>,
): Promise<T> {
  const { insecureRegistries, githubToken, login } = inputs;
  const { env, log } = runtime;
  const hosts = new Set(names.filter(name => !isPath(name)).map(name => parseImageName(name).host));
  const transport = openTransport({ insecureHosts: insecureRegistries, env });
  try {
    return await body({
      runtime,
      access: {
        ...(login === undefined ? {} : { login: { ...login, hosts: Promise.resolve(hosts) } }),
        ...(githubToken === undefined ? {} : { githubToken }),
        insecureRegistries,
        transport,
        env,
        log,
      },
    });
  } finally {
    await transport.close();
  }
}
