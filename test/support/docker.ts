import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asRoot } from './as-root.ts';
import { startDaemon } from './daemon.ts';
import { run } from './run.ts';

export interface Docker {
  /** Path of the daemon's Unix socket. */
  readonly socket: string;
  /** Runs the docker CLI against this daemon and returns its standard output; throws if it fails. */
  run(...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/**
 * Starts a dockerd apart from any other on this machine: own storage, own socket, no networks. Containers run with
 * `--network none`. It takes plain HTTP from registries on 127.0.0.1.
 */
export async function startDocker(): Promise<Docker> {
  const directory = await mkdtemp(join(tmpdir(), 'docker-'));
  const socket = join(directory, 'docker.sock');
  const pidFile = join(directory, 'pid');
  const daemon = await startDaemon(
    asRoot([
      'dockerd',
      `--data-root=${join(directory, 'data')}`,
      `--exec-root=${join(directory, 'exec')}`,
      `--host=unix://${socket}`,
      `--pidfile=${pidFile}`,
      // Only matters where a containerd of the system runs: dockerd then uses that one.
      '--containerd-namespace=nix-image-test',
      '--iptables=false',
      '--ip-forward=false',
      '--bridge=none',
    ]),
    /API listen on/,
  );
  const env = { ...process.env, DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: join(directory, 'config') };
  return {
    socket,
    run: (...args) => run('docker', args, { env }),
    async close() {
      const pid = (await readFile(pidFile, 'utf8')).trim();
      await daemon.end(() => runAsRoot(['kill', pid]));
      await runAsRoot(['rm', '--recursive', directory]);
    },
  };
}

function runAsRoot(command: readonly string[]): Promise<string> {
  const [program = '', ...args] = asRoot(command);
  return run(program, args);
}
