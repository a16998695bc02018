import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isExecutable } from '../src/lib/process.ts';
import { forgeFiles, gitea, giteaRunner } from '../test/support/forge.ts';
import type { GoProgram } from '../test/support/go-program.ts';
import { run } from '../test/support/run.ts';
import { findGo } from './install-go-program.ts';
import type { Requirement } from './requirements.ts';

/** Gitea with its templates, and its runner, in the cache of this clone. Takes ten minutes on two cores. */
export const forgeBuilt: Requirement = {
  name: `Gitea ${gitea.version} and its runner ${giteaRunner.version}, built with Go`,
  isMet: () => [gitea, giteaRunner].every(({ path }) => isExecutable(path)),
  async meet() {
    const go = await openGo();
    await build(giteaRunner, { go, cgo: '0', tags: '' });
    const { Dir } = await download(gitea, go);
    for (const name of ['options', 'public', 'templates']) {
      await cp(join(Dir, name), join(forgeFiles, name), { recursive: true });
    }
    await build(gitea, { go, cgo: '1', tags: 'sqlite sqlite_unlock_notify' });
  },
};

type Go = (
  args: readonly string[],
  options?: { cwd?: string; env?: Readonly<Record<string, string>> },
) => Promise<string>;

async function openGo(): Promise<Go> {
  const { go, env } = await findGo();
  return (args, options) => run(go, args, { ...options, env: { ...process.env, ...env, ...options?.env } });
}

interface Download {
  readonly Dir: string;
  readonly GoMod: string;
}

async function download({ package: name, version }: GoProgram, go: Go): Promise<Download> {
  return JSON.parse(await go(['mod', 'download', '-json', `${name}@${version}`]));
}

interface GoModule {
  readonly Go: string;
  readonly Replace?: readonly { readonly Old: Module; readonly New: Module }[] | null;
  readonly Godebug?: readonly { readonly Key: string; readonly Value: string }[] | null;
}

interface Module {
  readonly Path: string;
  readonly Version?: string;
}

/**
 * `go install` refuses a module that replaces others, so a module of ours with the same replacements requires it.
 * go.dev/ref/mod, "go install".
 */
async function build(
  program: GoProgram,
  { go, cgo, tags }: { readonly go: Go; readonly cgo: '0' | '1'; readonly tags: string },
): Promise<void> {
  const { GoMod } = await download(program, go);
  const { Go: version, Replace, Godebug }: GoModule = JSON.parse(await go(['mod', 'edit', '-json', GoMod]));
  const nameOf = ({ Path, Version = '' }: Module) => `${Path} ${Version}`;
  const directory = join(dirname(program.path), 'module');
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, 'go.mod'),
    [
      'module forge',
      `go ${version}`,
      ...(Godebug ?? []).map(({ Key, Value }) => `godebug ${Key}=${Value}`),
      ...(Replace ?? []).map(({ Old, New }) => `replace ${nameOf(Old)} => ${nameOf(New)}`),
      `require ${program.package} ${program.version}`,
      '',
    ].join('\n'),
  );
  await go(['build', '-mod=mod', '-ldflags=-s -w', '-tags', tags, '-o', program.path, program.package], {
    cwd: directory,
    env: { CGO_ENABLED: cgo },
  });
}
