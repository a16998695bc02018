import type { HttpResponse } from '../../lib/http/message.ts';
import type { Digest } from '../../oci/digest.ts';
import { formatRepository } from '../../oci/reference.ts';
import type { RepositoryClient } from '../access/registry.ts';
import { UnsettledError } from '../access/registry-error.ts';

/** Whether a registry names other content than expected (`Docker-Content-Digest`). Many registries name none. */
export function hasOtherDigest(response: HttpResponse, digest: Digest): boolean {
  return (response.header('docker-content-digest') ?? digest) !== digest;
}

/** Throws an UnsettledError if a registry reports that it stored content under another digest. */
export function expectDigest({ repository }: RepositoryClient, response: HttpResponse, digest: Digest): void {
  if (!hasOtherDigest(response, digest)) return;
  const stored = response.header('docker-content-digest');
  const { status } = response;
  const message = `Cannot trust ${formatRepository(repository)}: it answered ${status}, but stored ${digest} as ${stored}.`;
  throw new UnsettledError(message, { status, codes: [], retryAfter: 0 });
}
