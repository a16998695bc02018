import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  isPath,
  openTransport
} from "./chunk-ZHPDOGFP.mjs";
import {
  parseImageName
} from "./chunk-RYZTQ7VR.mjs";

// src/commands/with-registries.ts
async function withRegistries({ inputs, names, runtime }, body) {
  const { insecureRegistries, githubToken, login } = inputs;
  const { env, log } = runtime;
  const hosts = new Set(names.filter((name) => !isPath(name)).map((name) => parseImageName(name).host));
  const transport = openTransport({ insecureHosts: insecureRegistries, env });
  try {
    return await body({
      runtime,
      access: {
        ...login === void 0 ? {} : { login: { ...login, hosts: Promise.resolve(hosts) } },
        ...githubToken === void 0 ? {} : { githubToken },
        insecureRegistries,
        transport,
        env,
        log
      }
    });
  } finally {
    await transport.close();
  }
}

export {
  withRegistries
};
