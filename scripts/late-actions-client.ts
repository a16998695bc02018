import type { Plugin } from 'esbuild';

const client = '@actions/http-client';

/** All methods of the real client that @actions/core and @actions/tool-cache call are asynchronous. */
const stub = `
export class HttpClient {
  constructor(...settings) {
    const call = method => async (...args) => {
      const late = await import('${client}');
      return new late.HttpClient(...settings)[method](...args);
    };
    return new Proxy(this, { get: (_, method) => call(method) });
  }
}`;

/**
 * Has @actions/core and @actions/tool-cache load @actions/http-client with the first request: for OIDC tokens and downloads,
 * of which src does none. It has all of undici in it, and with a static import every run would load that.
 */
export const lateActionsClient: Plugin = {
  name: 'late @actions/http-client',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^${client}$`) }, ({ importer, resolveDir }) =>
      /node_modules\/@actions\/(core|tool-cache)\//.test(importer)
        ? { path: client, namespace: 'late client', pluginData: resolveDir }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'late client' }, ({ pluginData }) => ({
      contents: stub,
      resolveDir: pluginData,
    }));
  },
};
