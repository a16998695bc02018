import { globSync, readFileSync } from 'node:fs';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { lateActionsClient } from './late-actions-client.ts';

/** Long packages that few runs need: files of their own, read where something of theirs is used first. */
const latePackages = ['semver', 'xz-decompress'];

const latePlugin: Plugin = {
  name: 'late packages',
  setup({ initialOptions, onResolve, onLoad }) {
    const source = join(initialOptions.absWorkingDir ?? process.cwd(), 'src/');
    onResolve({ filter: new RegExp(`^(${latePackages.join('|')})$`) }, ({ path, importer }) =>
      importer.startsWith(source) ? { path, namespace: 'late' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `export default new Proxy({}, { get: (_, key) => require('./${path}.cjs')[key] });`,
    }));
    onResolve({ filter: /\.cjs$/, namespace: 'late' }, ({ path }) => ({ path, external: true }));
  },
};

/** What src imports of a builtin, without types. */
function namesUsedOf(builtin: string): string {
  const pattern = new RegExp(`^import \\{([^}]*)\\} from '${builtin}'`, 'gm');
  const lists = globSync('src/**/*.ts').flatMap(file => [...readFileSync(file, 'utf8').matchAll(pattern)]);
  const names = lists.flatMap(([, list = '']) => list.split(',').map(name => name.trim()));
  return [...new Set(names.filter(name => name !== '' && !name.startsWith('type ')))].sort().join(', ');
}

/** An import of these loads all that they have, in util worker threads too; `require` gives what src uses. */
const requiredBuiltins: Plugin = {
  name: 'required builtins',
  setup({ initialOptions, onResolve, onLoad }) {
    const source = join(initialOptions.absWorkingDir ?? process.cwd(), 'src/');
    onResolve({ filter: /^node:(util|net)$/ }, ({ path, importer }) =>
      importer.startsWith(source) ? { path, namespace: 'required' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `export const { ${namesUsedOf(path)} } = require('${path}');`,
    }));
  },
};

/** What only `src/run.ts` loads, if it needs it. */
const loadedByRun = /\/src\/(?:sbom\/read-inventory|pack\/zstd-chunked\/zstd-chunked)\.ts$/;

/** esbuild gives each set of entries that share code a chunk. Since run.ts is loaded by then, these share all of it. */
const shareRun: Plugin = {
  name: 'share run.ts',
  setup({ initialOptions, onLoad }) {
    const run = join(initialOptions.absWorkingDir ?? process.cwd(), 'src/run.ts');
    onLoad({ filter: loadedByRun }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}\nimport '${run}';\n`,
      loader: 'ts',
    }));
  },
};

/**
 * Bundles the entries into dist, or into the directory that is given. ESM, since all of @actions/* is; parts that the
 * entries share become chunks, so that each loads only what it needs. Threads share none, which keeps the chunks few. Some
 * dependencies still call `require`.
 */
const [, , out = 'dist'] = process.argv;
await rm(out, { recursive: true, force: true });
const common = {
  outdir: out,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  legalComments: 'eof',
  metafile: true,
  logLevel: 'warning',
} as const;
const modules = {
  ...common,
  entryNames: '[name]',
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  plugins: [lateActionsClient, latePlugin, requiredBuiltins, shareRun],
  // CycloneDX's library does without it unless it writes XML.
  external: ['xmlbuilder2'],
  // A name of its own: some packages import createRequire, and a second import of a name is a syntax error.
  banner: {
    js: "import { createRequire as requireOfBundle } from 'node:module';\nconst require = requireOfBundle(import.meta.url);",
  },
} as const satisfies BuildOptions;
const entries = await build({
  ...modules,
  entryPoints: ['src/main.ts', 'src/post.ts', 'src/cli.ts'],
  chunkNames: 'chunk-[hash]',
  splitting: true,
});
await build({
  ...modules,
  entryPoints: ['src/lib/compress/deflate-worker.ts', 'src/cache/parts-worker.ts'],
  splitting: false,
});
const late = await build({
  ...common,
  entryPoints: latePackages,
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
});
await writeFile(join(out, 'licenses.txt'), await licencesOf({ ...entries.metafile.inputs, ...late.metafile.inputs }));
await copyFile('src/lib/compress/deflate.wasm', join(out, 'deflate.wasm'));
await writeFile(join(out, 'package.json'), '{ "type": "module" }\n');

/** The licence of every package that went into the bundle, by name, and of what is compiled. */
async function licencesOf(inputs: Metafile['inputs']): Promise<string> {
  const packages = new Set(
    Object.keys(inputs).flatMap(path => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  const texts = await Promise.all([...packages].sort().map(licenceOf));
  const libdeflate = withHeading(
    'libdeflate (MIT), in deflate.wasm',
    await readFile('scripts/deflate/COPYING', 'utf8'),
  );
  return [...texts, libdeflate].join('\n');
}

async function licenceOf(directory: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
  const heading = `${name} ${version} (${license})`;
  for (const file of ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'LICENCE']) {
    const text = await readFile(join(directory, file), 'utf8').catch(() => undefined);
    if (text !== undefined) return withHeading(heading, text);
  }
  return `${heading}\n`;
}

function withHeading(heading: string, text: string): string {
  return `${heading}\n${'-'.repeat(heading.length)}\n${text.trim()}\n`;
}
