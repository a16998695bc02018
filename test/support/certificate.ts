import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.ts';

interface CertificateOptions {
  /** As openssl has it; `IP:127.0.0.1` if not given. */
  readonly subjectAltName?: string;
  /** Days from now until it begins and ends; now and in two days if not given. */
  readonly days?: readonly [number, number];
}

/** A fresh self-signed certificate and its key, both PEM. */
export async function createCertificate(
  options: CertificateOptions = {},
): Promise<{ readonly key: string; readonly cert: string }> {
  const { subjectAltName = 'IP:127.0.0.1', days: [begin, end] = [0, 2] } = options;
  const directory = await mkdtemp(join(tmpdir(), 'certificate-'));
  const [key, request, cert, config] = ['key.pem', 'request.pem', 'cert.pem', 'ca.cnf'].map(name =>
    join(directory, name),
  ) as [string, string, string, string];
  try {
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', key];
    await run('openssl', ['req', '-new', ...newKey, '-subj', '/CN=127.0.0.1', '-out', request]);
    // `ca` alone can set both dates; it wants a database, which is empty here.
    await writeFile(join(directory, 'index.txt'), '');
    const section = ['[ca]', 'default_ca=ca', `new_certs_dir=${directory}`, `database=${directory}/index.txt`];
    const settings = ['default_md=sha256', 'rand_serial=yes', 'policy=any', 'x509_extensions=ext'];
    const rest = [
      '[any]',
      'commonName=supplied',
      '[ext]',
      `subjectAltName=${subjectAltName}`,
      'basicConstraints=CA:TRUE',
    ];
    await writeFile(config, [...section, ...settings, ...rest].join('\n'));
    const dates = ['-startdate', dateIn(begin), '-enddate', dateIn(end)];
    const signing = ['-selfsign', '-keyfile', key, '-in', request, '-out', cert];
    await run('openssl', ['ca', '-batch', '-notext', '-config', config, ...dates, ...signing]);
    return { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** `20261130093000Z`, so many days from now. */
function dateIn(days: number): string {
  return `${new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]|\..*/g, '')}Z`;
}
