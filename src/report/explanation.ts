import { type ExplainedPath, routeTo } from '../inspect/explain-closure.ts';
import { type Saving, suggestSavings } from '../inspect/suggest-savings.ts';
import { Failure } from '../lib/failure.ts';
import { formatSize } from '../lib/format-size.ts';
import { parsePackageName, storePathName } from '../store-path.ts';
import { columns } from './columns.ts';

/** Why an image is as large as it is. Sizes in bytes of NARs. */
export interface Explanation {
  /** As the user named it. */
  readonly name: string;
  /** Its store paths; the path that keeps most comes first. */
  readonly paths: readonly ExplainedPath[];
  readonly size: number;
  readonly savings: readonly Saving[];
}

/** Sums up the explained paths of an image. */
export function explanationOf(name: string, paths: readonly ExplainedPath[]): Explanation {
  return { name, paths, size: paths.reduce((sum, { own }) => sum + own, 0), savings: suggestSavings(paths) };
}

const mostRows = 20;

/** The report for a terminal of `width` columns. */
export function explanationText({ name, paths, size, savings }: Explanation, width: number | undefined): string {
  const rows = paths
    .slice(0, mostRows)
    .map(one => [
      storePathName(one.path),
      formatSize(one.own),
      formatSize(one.kept),
      routeTo(one, paths).map(storePathName).join(' → '),
    ]);
  const rest = paths.length - rows.length;
  return [
    `${name}: ${formatSize(size)} in ${paths.length} store paths, unpacked`,
    '',
    ...columns([['store path', 'own', 'keeps', 'shortest way from the application'], ...rows], { width, flexible: 3 }),
    ...(rest > 0 ? [`and ${rest} more (see --json, or name a package)`] : []),
    '',
    '"keeps" is the size of a store path and of all that is in the image only because of it.',
    '',
    ...savingRows(savings),
  ].join('\n');
}

function savingRows(savings: readonly Saving[]): string[] {
  if (savings.length === 0) return ['No development files, documentation, compilers or second versions were found.'];
  return [
    'What could go',
    ...savings.flatMap(({ kind, paths, bytes, users, advice }) => [
      `  ${formatSize(bytes)}  ${kind}: ${paths.map(storePathName).join(', ')}`,
      `    used by ${listOf(users)}. ${advice}`,
    ]),
  ];
}

/** At most five names of store paths. */
function listOf(paths: readonly string[]): string {
  const names = paths.slice(0, 5).map(storePathName).join(', ');
  if (names === '') return 'the image itself';
  return paths.length > 5 ? `${names} and ${paths.length - 5} more` : names;
}

/** Why one package is in the image: by its name, `glibc`, or the name of a store path, `glibc-2.40`. */
export function packageText({ name, paths }: Explanation, wanted: string): string {
  const found = paths.filter(({ path }) => [path, storePathName(path), parsePackageName(path).name].includes(wanted));
  if (found.length === 0) {
    const names = paths.map(({ path }) => parsePackageName(path).name).filter(one => one.includes(wanted));
    const similar = [...new Set(names)].slice(0, 5).join(', ');
    throw new Failure(
      `Cannot explain "${wanted}": ${name} has no such package. ${similar === '' ? 'Call explain without it to see what is there.' : `It has ${similar}.`}`,
    );
  }
  return found
    .map(one => {
      const keeps = paths.filter(({ keeper }) => keeper === one.path);
      return [
        ...columns([
          ['store path', one.path],
          ['own size', formatSize(one.own)],
          [
            'keeps',
            `${formatSize(one.kept)}: itself, ${keeps.length === 0 ? 'nothing else' : listOf(keeps.map(({ path }) => path))}`,
          ],
          ['used by', listOf(one.users)],
        ]),
        'shortest way',
        ...routeTo(one, paths).map((path, i) => `  ${'  '.repeat(i)}${storePathName(path)}`),
      ].join('\n');
    })
    .join('\n\n');
}

/** The report as a value for JSON. */
export function explanationJson({ name, paths, size, savings }: Explanation): object {
  return { name, size, 'store-paths': paths, savings };
}
