import type { Log } from '../host.ts';
import { settleAll } from '../lib/pool.ts';
import type { Blob } from '../oci/blob.ts';
import { formatReference, formatRepository, type Reference, type Repository } from '../oci/reference.ts';
import { type Uploaded, uploadBlob } from './blobs.ts';
import { type CredentialSources, findCredentials } from './credentials.ts';
import { putManifest } from './manifests.ts';
import { openRepository, type RepositoryClient } from './registry.ts';
import type { Transport } from './transport.ts';

/** A repository to push to, with the tags that are to name the image there. */
export interface Target {
  readonly client: RepositoryClient;
  readonly tags: readonly Reference[];
}

export interface PushAccess extends CredentialSources {
  readonly transport: Transport;
  readonly insecureRegistries: readonly string[];
  readonly log: Log;
}

/** Opens each repository that the references name, once. */
export async function openTargets(references: readonly Reference[], access: PushAccess): Promise<Target[]> {
  const repositories = new Map(references.map(reference => [formatRepository(reference), reference]));
  return settleAll(
    [...repositories].map(async ([name, repository]) => ({
      client: await openClient(repository, access),
      tags: references.filter(reference => formatRepository(reference) === name),
    })),
  );
}

/** Opens one repository with the login that is found for it. */
export async function openClient(reference: Repository, access: PushAccess): Promise<RepositoryClient> {
  const credentials = await findCredentials(reference, access);
  if (credentials !== undefined) {
    access.log.secret(credentials.kind === 'basic' ? credentials.password : credentials.token);
  }
  const insecure = access.insecureRegistries.includes(reference.host);
  return openRepository(reference, { ...access, credentials, insecure });
}

/** Sends a blob to every target that lacks it; how it went for each. */
export async function uploadToAll(targets: readonly Target[], blob: Blob): Promise<Uploaded[]> {
  return settleAll(targets.map(({ client }) => uploadBlob(client, blob)));
}

/**
 * Makes the image known once all its blobs are there: the manifest by digest in every repository first, then the tags.
 * A failure before the last manifest has moved no tag.
 */
export async function publishManifest(targets: readonly Target[], manifest: Blob, log: Log): Promise<void> {
  await settleAll(targets.map(({ client }) => putManifest(client, manifest, manifest.descriptor.digest)));
  for (const { client, tags } of targets) {
    for (const reference of tags) {
      await putManifest(client, manifest, reference.tag);
      log.info(`${formatReference(reference)} is ${manifest.descriptor.digest}`);
    }
  }
}
