import { startDaemon } from './daemon.ts';
import { gofakes3 } from './go-program.ts';

/** A bucket of an S3 server on loopback that lets everyone in, and keeps in memory what is put there. */
export interface Bucket {
  /** As Nix takes it. */
  readonly url: string;
  /** Keys of what it holds. */
  keys(): Promise<string[]>;
  read(key: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts an S3 server with an empty bucket. */
export async function startBucket(): Promise<Bucket> {
  const daemon = await startDaemon(
    [gofakes3.path, '-backend', 'memory', '-initialbucket', 'cache', '-host', '127.0.0.1:0'],
    /using port: (\d+)/,
  );
  const host = `127.0.0.1:${daemon.ready[1]}`;
  const get = async (key: string) => (await fetch(`http://${host}/cache/${key}`)).text();
  return {
    url: bucketUrl(host),
    keys: async () => [...(await get('')).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = '']) => key),
    read: get,
    close: () => daemon.end(),
  };
}

/** Of the bucket at a `HOST:PORT` that speaks plain HTTP, as Nix takes it. */
export function bucketUrl(host: string): string {
  return `s3://cache?endpoint=${host}&scheme=http&region=eu-west-1`;
}
