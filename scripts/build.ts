import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type OutputFile } from 'esbuild';
import { lateActionsClient } from './late-actions-client.ts';
import { buildLatePackages, latePlugin } from './late-packages.ts';
import { shareLoaded } from './share-loaded.ts';

/**
 * Bundles the entries into dist, or into the directory that is given. ESM, since all of @actions/* is; parts that the
 * entries share become chunks, so that each loads only what it needs. Threads share none, which keeps the chunks few.
 */
const [, , out = 'dist'] = process.argv;
await rm(out, { recursive: true, force: true });
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  legalComments: 'eof',
  logLevel: 'warning',
} as const;
const modules = {
  ...common,
  outdir: out,
  entryNames: '[name]',
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  plugins: [lateActionsClient, latePlugin],
  // CycloneDX's library does without it unless it writes XML.
  external: ['xmlbuilder2'],
} as const satisfies BuildOptions;
const entryPoints = ['src/main.ts', 'src/post.ts', 'src/cli.ts'];
const { metafile } = await build({ ...modules, entryPoints, splitting: true, write: false, metafile: true });
const entries = await buildModules({
  entryPoints,
  chunkNames: 'chunk-[hash]',
  splitting: true,
  plugins: [...modules.plugins, shareLoaded(metafile, entryPoints)],
});
await buildModules({
  entryPoints: ['src/lib/compress/deflate-worker.ts', 'src/cache/parts-worker.ts'],
  splitting: false,
});
const late = await buildLatePackages(out, common);
await writeFile(join(out, 'licenses.txt'), await licencesOf({ ...entries.inputs, ...late }));
await copyFile('src/lib/compress/deflate.wasm', join(out, 'deflate.wasm'));
await writeFile(join(out, 'package.json'), '{ "type": "module" }\n');

/** Builds modules whose builtins load only what is used. Returns what went into them. */
async function buildModules(options: BuildOptions): Promise<Metafile> {
  const { outputFiles, metafile } = await build({ ...modules, ...options, write: false, metafile: true });
  await mkdir(out, { recursive: true });
  const write = ({ path, text }: OutputFile) =>
    writeFile(path, withLeanBuiltins(text), { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  await Promise.all(outputFiles.map(write));
  return metafile;
}

/**
 * Replaces imports of builtins: an import reads every property of a builtin, which loads what few programs need. For
 * `node:http` that is all of undici and takes 25 ms.
 */
function withLeanBuiltins(module: string): string {
  const builtins: string[] = [];
  const rest = module.replaceAll(/^import ([^";]+) from "([\w:/]+)";\n/gm, (_, names: string, builtin: string) => {
    const target = names.replace(/^\* as /, '').replaceAll(' as ', ': ');
    builtins.push(`const ${target} = globalThis.process.getBuiltinModule("${builtin}");\n`);
    return '';
  });
  // Some packages call it.
  if (rest.includes('typeof require')) {
    builtins.unshift('const require = globalThis.process.getBuiltinModule("module").createRequire(import.meta.url);\n');
  }
  return rest.replace(/^(#!.*\n)?/, shebang => `${shebang}${builtins.join('')}`);
}

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
