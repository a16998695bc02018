import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Machine, openMachine, runThere } from '../../test/support/bare-machine.ts';
import { type NixRelease, openNixRelease } from '../../test/support/nix-release.ts';
import { type ReleaseServer, startReleaseServer } from '../../test/support/release-server.ts';
import { run } from '../../test/support/run.ts';
import { type Measured, median } from './measure.ts';
import { cells, megabytes, table } from './report.ts';

const holder = fileURLToPath(new URL('held-nix.ts', import.meta.url));
const opener = fileURLToPath(new URL('../../test/nix/open-nix.ts', import.meta.url));

/** What there is to install from. */
interface Source {
  readonly release: NixRelease;
  readonly server: ReleaseServer;
  /** Absolute. */
  readonly archive: string;
  /** Path below the server's URL. */
  readonly path: string;
  /** A directory with an entry of the store cache that holds the release. */
  readonly entries: string;
}

/** Commands for a machine without Nix, by what they are; `$1` is the archive, `$2` its URL, `$3` its SHA-256. */
const scripts = {
  'decompressing and writing alone: xz -dc': 'xz -dc "$1" > archive.tar',
  'unpacking alone: tar -xJf': 'mkdir unpacked; tar -xJf "$1" -C unpacked',
  'curl, sha256sum, tar, nix-store --load-db': `
    curl -sSfo archive "$2"
    echo "$3 archive" | sha256sum --check --quiet
    mkdir -p unpacked /nix/store
    tar -xJf archive -C unpacked --strip-components=1
    chmod -R a-w unpacked/store/*
    mv unpacked/store/* /nix/store
    nix=$(dirname /nix/store/*/bin/nix)
    "$nix/nix-store" --load-db < unpacked/.reginfo
    "$nix/nix" --version`,
  "the same with the steps of a release's install script": `
    curl -sSfo archive "$2"
    echo "$3 archive" | sha256sum --check --quiet
    mkdir -p unpacked /nix/store /nix/var/nix
    tar -xJf archive -C unpacked --strip-components=1
    for path in unpacked/store/*; do
      to=/nix/store/\${path##*/}
      cp -RP --preserve=ownership,timestamps "$path" "$to.$$"
      chmod -R a-w "$to.$$"; chmod +w "$to.$$"; mv "$to.$$" "$to"; chmod -w "$to"
    done
    nix=$(dirname /nix/store/*/bin/nix)
    "$nix/nix-store" --load-db < unpacked/.reginfo
    "$nix/nix-env" -i "\${nix%/bin}"
    "$HOME/.nix-profile/bin/nix" --version`,
} as const;

/** From nothing to `nix --version`, beside other ways and beside what cannot be done without. */
export async function benchInstall(rounds: number): Promise<string> {
  const source = await openSource();
  try {
    await measureThere(oursHeld(source));
    const contenders = {
      ours: oursOf(source),
      "ours, from an earlier run's entry of the store cache": oursHeld(source),
      ...theirsOf(source),
    };
    const measured = Object.fromEntries(Object.keys(contenders).map(name => [name, [] as Measured[]]));
    for (let round = 0; round < rounds; round++) {
      for (const [name, command] of Object.entries(contenders)) measured[name]?.push(await measureThere(command));
    }
    return report(source, new Map(Object.entries(measured).map(([name, all]) => [name, median(all)])));
  } finally {
    await Promise.all([source.server.close(), rm(source.entries, { recursive: true })]);
  }
}

async function openSource(): Promise<Source> {
  const release = await openNixRelease();
  const directory = `nix-${release.version}`;
  const file = (await readdir(join(release.directory, directory))).find(name => name.endsWith('.tar.xz')) ?? '';
  const path = `${directory}/${file}`;
  const entries = await mkdtemp(join(tmpdir(), 'bench-'));
  return {
    ...{ release, path, entries, archive: join(release.directory, path) },
    server: await startReleaseServer(release.directory),
  };
}

/** The step's own code, without the rest of the step. */
function oursOf({ release, server }: Source): readonly string[] {
  const { version: nixVersion, sha256: nixSha256 } = release;
  const inputs = { nixVersion, nixSha256, nixUrl: server.url, nixConf: [] };
  return [process.execPath, opener, JSON.stringify({ inputs })];
}

/** The same in front of the store cache; the first time it installs, and leaves an entry. */
function oursHeld({ release, server, entries }: Source): readonly string[] {
  const inputs = { 'nix-version': release.version, 'nix-sha256': release.sha256, 'nix-url': server.url };
  return [process.execPath, holder, entries, JSON.stringify(inputs)];
}

function theirsOf({ release, server, archive, path }: Source): Readonly<Record<string, readonly string[]>> {
  const args = [archive, `${server.url}/${path}`, release.sha256];
  return Object.fromEntries(
    Object.entries(scripts).map(([name, script]) => [name, ['sh', '-ec', script, 'sh', ...args]]),
  );
}

async function measureThere(command: readonly string[]): Promise<Measured> {
  const cleanups: (() => Promise<unknown>)[] = [];
  const machine = await openMachine({ after: cleanup => void cleanups.push(cleanup) });
  try {
    return await measureOn(machine, command);
  } finally {
    for (const cleanup of cleanups) await cleanup();
  }
}

/** Measured by GNU time. */
async function measureOn(machine: Machine, command: readonly string[]): Promise<Measured> {
  const file = join(machine.root, 'time');
  const time = ['/usr/bin/time', '--format=%e %U %S %M', `--output=${file}`, '--'];
  const { code, stdout, stderr } = await runThere(machine, [...time, ...command], { env: { NIX_CONFIG: settings } });
  if (code !== 0 || stdout.includes('"error":')) throw new Error(`${command.join(' ')} failed:\n${stdout}${stderr}`);
  const [seconds = 0, user = 0, system = 0, kilobytes = 0] = (await readFile(file, 'utf8')).split(' ').map(Number);
  await rm(file);
  return { seconds, processor: user + system, memory: kilobytes * 1024 };
}

/** For the other ways; ours makes its own. */
const settings = 'build-users-group =';

async function report({ archive }: Source, medians: ReadonlyMap<string, Measured>): Promise<string> {
  const floor = medians.get('unpacking alone: tar -xJf')?.seconds ?? Number.NaN;
  const rows = [...medians].map(([name, measured]) => [
    name,
    measured.seconds.toFixed(2),
    (measured.seconds / floor).toFixed(2),
    ...cells(measured),
  ]);
  const sizes = (await run('xz', ['--robot', '--list', archive])).split('\n').find(line => line.startsWith('totals'));
  const [, , , packed = 0, plain = 0] = (sizes ?? '').split('\t').map(Number);
  const heading = ['', 'seconds', 'of unpacking alone', 'peak MB', 'processor seconds'];
  return `${table(heading, rows)}\n\nArchive: ${megabytes(packed)} MB, ${megabytes(plain)} MB unpacked.`;
}
