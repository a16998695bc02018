import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDaemon } from './daemon.ts';
import { distribution3 } from './go-program.ts';
import type { TokenServer } from './token-server.ts';

export interface Distribution {
  /** `127.0.0.1:PORT`, plain HTTP. */
  readonly host: string;
  close(): Promise<void>;
}

/** Whom a distribution with `login` lets in. */
export const distributionLogin = { user: 'user', password: 'password' } as const;

// Made by `htpasswd -nbB user password`: distribution reads bcrypt only.
const htpasswd = 'user:$2y$05$sMMWwPanOrYPQ0LDOgRwZuxjUg9OfZwJNOfP6W7dgdeHxViIx.tCm\n';

// Without a collector for its traces version 3 fills its log with complaints.
const programs = { 2: ['docker-registry'], 3: ['env', 'OTEL_TRACES_EXPORTER=none', distribution3.path] };

interface DistributionOptions {
  /** 2 is Debian's `docker-registry` 2.8, which it is if not given. */
  readonly version?: 2 | 3;
  /** Whether it wants the login of `distributionLogin`. */
  readonly login?: boolean;
  /** Who issues the tokens that it wants instead. */
  readonly tokens?: TokenServer;
  /** Whether manifests can be deleted; they can if not given. */
  readonly deletion?: boolean;
}

/** Starts the CNCF's distribution with an empty directory of its own. */
export async function startDistribution(options: DistributionOptions = {}): Promise<Distribution> {
  const { version = 2, login = false, tokens, deletion = true } = options;
  const directory = await mkdtemp(join(tmpdir(), 'distribution-'));
  const passwords = join(directory, 'htpasswd');
  const certificate = join(directory, 'certificate.pem');
  const config = join(directory, 'config.yml');
  await writeFile(passwords, htpasswd);
  await writeFile(certificate, tokens?.certificate ?? '');
  await writeFile(
    config,
    // JSON is YAML. Port 0 is any free one; the log says which.
    JSON.stringify({
      version: 0.1,
      log: { level: 'info' },
      storage: {
        filesystem: { rootdirectory: join(directory, 'data') },
        delete: { enabled: deletion },
      },
      http: { addr: '127.0.0.1:0' },
      ...(login ? { auth: { htpasswd: { realm: 'test', path: passwords } } } : {}),
      ...(tokens === undefined ? {} : { auth: { token: { ...tokens.settings, rootcertbundle: certificate } } }),
    }),
  );
  const daemon = await startDaemon([...programs[version], 'serve', config], /listening on (127\.0\.0\.1:\d+)/);
  return {
    host: daemon.ready[1] ?? '',
    async close() {
      await daemon.end();
      await rm(directory, { recursive: true });
    },
  };
}
