import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

/** Of undici what src uses and nothing else: its index loads twice as much, which every start would have to wait for. */
const undiciParts: Plugin = {
  name: 'undici parts',
  setup({ initialOptions, onLoad }) {
    const index = join(initialOptions.absWorkingDir ?? process.cwd(), 'node_modules/undici/index.js');
    const contents = `
      require('./lib/dispatcher/dispatcher').prototype.request = require('./lib/api/api-request');
      exports.Agent = require('./lib/dispatcher/agent');
      exports.EnvHttpProxyAgent = require('./lib/dispatcher/env-http-proxy-agent');
      exports.interceptors = { redirect: require('./lib/interceptor/redirect') };
      exports.errors = require('./lib/core/errors');`;
    onLoad({ filter: /undici\/index\.js$/ }, ({ path }) => (path === index ? { contents } : undefined));
  },
};

/** Packages that few runs need and that take long to set themselves up: they do so where something of theirs is used first. */
const latePackages: Plugin = {
  name: 'late packages',
  setup({ initialOptions, onResolve, onLoad }) {
    const resolveDir = initialOptions.absWorkingDir ?? process.cwd();
    onResolve({ filter: /^(moment-timezone|semver)$/ }, ({ path, importer }) =>
      importer.startsWith(join(resolveDir, 'src/')) ? { path, namespace: 'late' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => {
      const contents = `export default new Proxy({}, { get: (_, key) => require('${path}')[key] });`;
      return { contents, resolveDir };
    });
  },
};

/**
 * Bundles the entries into dist. ESM, since all of @actions/* is; parts that the entries share become chunks, so that
 * each loads only what it needs. Some dependencies still call `require`.
 */
const out = 'dist';
await rm(out, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ['src/main.ts', 'src/post.ts', 'src/cli.ts'],
  outdir: out,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunk-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20.18',
  format: 'esm',
  legalComments: 'eof',
  metafile: true,
  plugins: [undiciParts, latePackages],
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  logLevel: 'warning',
});
await writeFile(join(out, 'licenses.txt'), await licencesOf(metafile));
await writeFile(join(out, 'package.json'), '{ "type": "module" }\n');

/** The licence of every package that went into the bundle, by name. */
async function licencesOf({ inputs }: Metafile): Promise<string> {
  const packages = new Set(
    Object.keys(inputs).flatMap(path => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  const texts = await Promise.all([...packages].sort().map(licenceOf));
  return texts.join('\n');
}

async function licenceOf(directory: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
  const heading = `${name} ${version} (${license})`;
  for (const file of ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'LICENCE']) {
    const text = await readFile(join(directory, file), 'utf8').catch(() => undefined);
    if (text !== undefined) return `${heading}\n${'-'.repeat(heading.length)}\n${text.trim()}\n`;
  }
  return `${heading}\n`;
}
