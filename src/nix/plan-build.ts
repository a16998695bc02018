import { withoutLogins } from '../lib/http/url-login.ts';
import type { Runtime } from '../runtime.ts';
import { isStorePath } from '../store-path.ts';
import { type Built, parseBuilt } from './build.ts';
import { createBuildLog, readLogLine } from './build-log.ts';
import { type BuildInputs, describeTarget, features, targetArguments } from './build-target.ts';
import { showProgress } from './show-progress.ts';
import type { Nix } from './toolchain.ts';

/** A build that takes no more than to fetch paths from binary caches. */
export interface FetchPlan extends Pick<Built, 'path' | 'drvPath'> {
  /** Everything that Nix would fetch. */
  readonly fetched: readonly string[];
  /** The cache that it would fetch a path from, as Nix names it; unknown if it remembers what the cache has. */
  readonly caches: ReadonlyMap<string, string>;
  /** What Nix warned of. */
  readonly warnings: readonly string[];
}

/** Nix asks a cache about a path: logging.hh, `actQueryPathInfo`, with path and cache as fields. */
const queryPathInfo = 109;

/**
 * Evaluates a target and asks Nix what its build would take, without fetching or building anything. Undefined if that
 * is more than to fetch the output, or less, or if the evaluation fails.
 */
export async function planFetch(nix: Nix, inputs: BuildInputs, runtime: Runtime): Promise<FetchPlan | undefined> {
  const log = createBuildLog(runtime.now);
  const progress = showProgress(describeTarget(inputs.target), runtime.log);
  const asked = new Map<string, string>();
  const messages: string[] = [];
  const warnings: string[] = [];
  const output = ['--dry-run', '--json', '--log-format', 'internal-json', '--no-link'];
  // Nix remembers longer what a cache has than what one lacks, and would name only the one that lacks a path.
  const args = ['build', ...features, ...output, '--option', 'narinfo-cache-positive-ttl', '0'];
  const { code, stdout } = await nix
    .exec(nix.program, [...args, ...targetArguments(inputs)], {
      env: nix.env,
      cwd: runtime.directory,
      onErrorLine: line => {
        progress.read(line);
        const said = readLogLine(log, line);
        if (said?.level === 'info') messages.push(...said.text.split('\n'));
        if (said?.level === 'warning') warnings.push(said.text);
        const [path, cache] = askedIn(line) ?? [];
        // The last one that is asked about a path is the one that has it.
        if (path !== undefined && cache !== undefined) asked.set(path, cache);
      },
    })
    .finally(progress.end);
  const more = messages.find(text => /^\S.*(?:will be built|know how to build)/.test(text));
  if (code !== 0 || more !== undefined) {
    runtime.log.debug(withoutLogins(`No plan to fetch: ${more ?? [...log.errors, ...log.plain].join('\n')}`));
    return undefined;
  }
  const fetched = messages.map(text => text.trim()).filter(text => isStorePath(text));
  const { path, ...others } = parseBuilt(stdout, describeTarget(inputs.target));
  return fetched.includes(path) ? { path, ...others, fetched, caches: asked, warnings } : undefined;
}

function askedIn(line: string): readonly string[] | undefined {
  if (!line.startsWith('@nix {"action":"start"')) return undefined;
  try {
    const { type, fields } = JSON.parse(line.slice('@nix '.length)) as { type?: unknown; fields?: unknown };
    return type === queryPathInfo && Array.isArray(fields) ? fields.map(String) : undefined;
  } catch {
    return undefined;
  }
}
