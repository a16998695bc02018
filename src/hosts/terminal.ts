import { createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Host, Log } from '../host.ts';
import { Failure } from '../lib/failure.ts';
import { readCheckout } from './checkout.ts';
import { terminalContext } from './workflow-context.ts';

/** The host that a terminal is: the log goes to standard error, so that standard output holds the result alone. */
export async function openTerminal(): Promise<Host> {
  const env: Record<string, string | undefined> = { ...process.env };
  const directory = process.cwd();
  const temporary = await mkdtemp(join(tmpdir(), 'nix-image-'));
  return {
    log: createTerminalLog(),
    env,
    directory,
    temporary,
    context: { ...terminalContext(await readCheckout(directory, env)), isTrusted: true },
    resolve: path => resolve(directory, path),
    now: Date.now,
    download: url => download(url, join(temporary, 'download')),
    addPath(path) {
      env.PATH = `${path}:${env.PATH ?? ''}`;
    },
    exportVariable(name, value) {
      env[name] = value;
    },
  };
}

function createTerminalLog(): Log {
  const secrets = new Set<string>();
  const { isTTY } = process.stderr;
  const print = (text: string) => {
    let shown = text;
    for (const secret of secrets) shown = shown.replaceAll(secret, '***');
    process.stderr.write(`${shown}\n`);
  };
  return {
    info: text => print(`  ${text.replaceAll('\n', '\n  ')}`),
    notice: text => print(`  note: ${text}`),
    warning: text => print(`  warning: ${text}`),
    debug: () => {},
    async group(name, body) {
      print(isTTY ? `\u001b[1m${name}\u001b[0m` : name);
      return body();
    },
    secret: value => {
      if (value !== '') secrets.add(value);
    },
  };
}

async function download(url: string, file: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Failure(`Cannot download ${url}: HTTP ${response.status}.`);
  await pipeline(Readable.fromWeb(response.body as never), createWriteStream(file));
  return file;
}
