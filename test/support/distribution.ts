import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDaemon } from './daemon.ts';

export interface Distribution {
  /** `127.0.0.1:PORT`, plain HTTP. */
  readonly host: string;
  close(): Promise<void>;
}

/** Whom a distribution with `login` lets in. */
export const distributionLogin = { user: 'user', password: 'password' } as const;

// Made by `htpasswd -nbB user password`: distribution reads bcrypt only.
const htpasswd = 'user:$2y$05$sMMWwPanOrYPQ0LDOgRwZuxjUg9OfZwJNOfP6W7dgdeHxViIx.tCm\n';

interface DistributionOptions {
  readonly login?: boolean;
  /** Whether manifests can be deleted; they can if not given. */
  readonly deletion?: boolean;
}

/** Starts the CNCF's distribution, Debian's `docker-registry`, with an empty directory of its own. */
export async function startDistribution(options: DistributionOptions = {}): Promise<Distribution> {
  const directory = await mkdtemp(join(tmpdir(), 'distribution-'));
  const passwords = join(directory, 'htpasswd');
  const config = join(directory, 'config.yml');
  await writeFile(passwords, htpasswd);
  await writeFile(
    config,
    // JSON is YAML. Port 0 is any free one; the log says which.
    JSON.stringify({
      version: 0.1,
      log: { level: 'info' },
      storage: {
        filesystem: { rootdirectory: join(directory, 'data') },
        delete: { enabled: options.deletion ?? true },
      },
      http: { addr: '127.0.0.1:0' },
      ...(options.login === true ? { auth: { htpasswd: { realm: 'test', path: passwords } } } : {}),
    }),
  );
  const daemon = await startDaemon(['docker-registry', 'serve', config], /listening on (127\.0\.0\.1:\d+)/);
  return {
    host: daemon.ready[1] ?? '',
    async close() {
      await daemon.end();
      await rm(directory, { recursive: true });
    },
  };
}
