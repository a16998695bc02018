import { basename, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

/** A package that is long and needed by few runs, so it becomes a file of its own, read where it is used first. */
interface LatePackage {
  readonly name: string;
  /** The directory whose modules import it. */
  readonly importer: string;
  /** What these import by name. Without names they have all of it, as the default import. */
  readonly names?: readonly string[];
}

const cacheClient = 'node_modules/@actions/cache';
const latePackages: readonly LatePackage[] = [
  { name: 'semver', importer: 'src' },
  { name: 'xz-decompress', importer: 'src' },
  {
    name: '@renovatebot/pep440',
    importer: 'src',
    names: ['clean', 'explain', 'major', 'minor', 'patch', 'valid'],
  },
  { name: '@azure/storage-blob', importer: cacheClient, names: ['BlobClient', 'BlockBlobClient'] },
  { name: 'undici', importer: 'node_modules/@actions/http-client', names: ['ProxyAgent'] },
];

/** What a package imports instead of a long one. */
interface StandIn extends Pick<LatePackage, 'name' | 'importer'> {
  readonly text: string;
}

const standIns: readonly StandIn[] = [
  ...latePackages.map(late => ({ ...late, text: standInFor(late) })),
  {
    name: '@actions/glob',
    importer: cacheClient,
    text: "export const create = async (...args) => (await import('@actions/glob')).create(...args);",
  },
  {
    name: '@actions/exec',
    importer: 'node_modules/@actions/core',
    text: "export const getExecOutput = async (...args) => (await import('@actions/exec')).getExecOutput(...args);",
  },
  { name: 'semver', importer: cacheClient, text: "export { default as clean } from 'semver/functions/clean.js';" },
];

export const latePlugin: Plugin = {
  name: 'late packages',
  setup({ initialOptions, onResolve, onLoad }) {
    const root = initialOptions.absWorkingDir ?? process.cwd();
    for (const { name, importer: directory, text } of standIns) {
      onResolve({ filter: new RegExp(`^${name}$`) }, ({ path, importer, resolveDir }) =>
        importer.startsWith(join(root, directory, '/'))
          ? { path: `${path} of ${basename(directory)}`, namespace: 'late', pluginData: { contents: text, resolveDir } }
          : undefined,
      );
    }
    onLoad({ filter: /.*/, namespace: 'late' }, ({ pluginData }) => pluginData);
    onResolve({ filter: /\.cjs$/, namespace: 'late' }, ({ path }) => ({ path, external: true }));
  },
};

function fileOf({ name }: LatePackage): string {
  return `${name.replace('@', '').replace('/', '-')}.cjs`;
}

function standInFor(late: LatePackage): string {
  const read = `require('./${fileOf(late)}')`;
  const functions = late.names?.map(
    name => `export function ${name}(...args) {
      const { ${name}: late } = ${read};
      return new.target ? new late(...args) : late(...args);
    }`,
  );
  return functions?.join('\n') ?? `export default new Proxy({}, { get: (_, key) => ${read}[key] });`;
}

/** Builds the files of late packages in a directory. Returns what went into them. */
export async function buildLatePackages(directory: string, options: BuildOptions): Promise<Metafile['inputs']> {
  const built = latePackages.map(async late => {
    const what = late.names === undefined ? '*' : `{ ${late.names.join(', ')} }`;
    const { metafile } = await build({
      ...options,
      stdin: { contents: `export ${what} from '${late.name}';`, resolveDir: late.importer },
      outfile: join(directory, fileOf(late)),
      format: 'cjs',
      define: { 'import.meta.url': 'urlOfFile' },
      banner: { js: "const urlOfFile = require('node:url').pathToFileURL(__filename).href;" },
      metafile: true,
    });
    return metafile.inputs;
  });
  return Object.assign({}, ...(await Promise.all(built)));
}
