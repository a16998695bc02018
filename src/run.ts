import type { Host } from './host.ts';
import type { Inputs } from './inputs/inputs.ts';
import { inBackground } from './lib/pool.ts';
import { openTransport } from './lib/transport.ts';
import type { Access } from './registry/client.ts';
import type { CleanupResult, MetadataResult, RunResult } from './report/result.ts';
import { asTriggeringRun } from './stages/as-triggering-run.ts';
import { buildImages } from './stages/build-images.ts';
import { asPullRequest, cleanUp } from './stages/cleanup.ts';
import { commentOnPullRequest } from './stages/comment.ts';
import { describeRun } from './stages/describe-run.ts';
import { joinImages } from './stages/join-images.ts';
import { openLogin } from './stages/open-login.ts';
import { openPromoted } from './stages/open-promoted.ts';
import { describeImages, openPublications } from './stages/open-publications.ts';
import { labelSources, openGiven, openSources } from './stages/open-source.ts';
import { openUntrusted } from './stages/open-untrusted.ts';
import { publishImages } from './stages/publish-images.ts';
import { savingStore } from './stages/save-store.ts';

/** The inputs of each image that a step makes. */
type Images = readonly [Inputs, ...Inputs[]];

/** The story of the action: from inputs to images that are built, labelled and pushed. One line a stage. */
function run(images: Images, host: Host): Promise<RunResult> {
  return withAccess(images, host, async (access, describing) => {
    // What is built already is opened while all else is found out.
    const given = openGiven(images, { host, access });
    const opening = inBackground(openPublications(await describing, { host, access }));
    // Before a build it is seen that a push will be allowed.
    if (given === undefined) await opening;
    const built = await buildImages(images, host);
    const published = await savingStore(built.save, { inputs: images[0], host }, async () => {
      const ready = await host.log.group('Image', async () => {
        const sources = await (given ?? openSources(images, built, { host, access }));
        return labelSources(await opening, sources, { built, host });
      });
      return host.log.group('Push', () => publishImages(ready, host));
    });
    await commentOnPullRequest(images, published, { host, access });
    return { images: published, nixVersion: built.nixVersion, work: built.work, cache: built.cache };
  });
}

/** The story of `mode: index`: images of several platforms, which are in a registry, become one; nothing is built. */
function join(images: Images, host: Host): Promise<RunResult> {
  return withAccess(images, host, async (access, describing) => {
    const publications = await openPublications(await describing, { host, access });
    const joined = await host.log.group('Index', () => joinImages(publications, { host, access }));
    await commentOnPullRequest(images, joined, { host, access });
    return { images: joined, nixVersion: undefined };
  });
}

/** The story of `mode: promote`: an image that is there is labelled and tagged anew; its layers stay byte for byte. */
function promote(images: Images, host: Host): Promise<RunResult> {
  return withAccess(images, host, async (access, describing) => {
    const publications = await openPublications(await describing, { host, access });
    const ready = await host.log.group('Image', () => openPromoted(publications, { host, access }));
    const published = await host.log.group('Push', () => publishImages(ready, host));
    await commentOnPullRequest(images, published, { host, access });
    return { images: published, nixVersion: undefined };
  });
}

/** The story of `mode: push-layout`: what untrusted code has built is checked, labelled and pushed. */
function pushLayout(images: Images, ownHost: Host): Promise<RunResult> {
  const host = asTriggeringRun(ownHost);
  return withAccess(images, host, async (access, describing) => {
    const publications = await openPublications(await describing, { host, access });
    const ready = await host.log.group('Image', () => openUntrusted(publications, host));
    const published = await host.log.group('Push', () => publishImages(ready, host));
    await commentOnPullRequest(images, published, { host, access });
    return { images: published, nixVersion: undefined };
  });
}

/** The story of `mode: metadata`: tags, labels and annotations, with no Nix and no image. */
async function describe(images: Images, host: Host): Promise<MetadataResult> {
  const [metadata] = await host.log.group('Metadata', () => describeRun(images, host));
  return { metadata };
}

/** The story of `mode: cleanup`: tags are deleted, with what only they hold. */
function clean(images: Images, ownHost: Host): Promise<CleanupResult> {
  const host = asPullRequest(ownHost);
  return withAccess(images, host, async (access, describing) => {
    const described = await describing;
    return host.log.group('Clean-up', () => cleanUp(described, { host, access }));
  });
}

/** What each mode tells. */
export const stories = {
  build: run,
  index: join,
  promote,
  'push-layout': pushLayout,
  metadata: describe,
  cleanup: clean,
} satisfies Record<Inputs['mode'], (images: Images, host: Host) => Promise<RunResult | MetadataResult>>;

/** What `body` needs to speak to registries, and what is to be said of each image; its connections are closed after it. */
async function withAccess<T>(
  images: Images,
  host: Host,
  body: (access: Access, describing: ReturnType<typeof describeImages>) => Promise<T>,
): Promise<T> {
  const [inputs] = images;
  const { insecureRegistries, githubToken } = inputs;
  const { env, log } = host;
  const transport = openTransport({ insecureHosts: insecureRegistries, env });
  try {
    const describing = inBackground(describeImages(images, host));
    const token = githubToken === undefined ? {} : { githubToken };
    const login = openLogin(inputs, host, describing);
    return await body({ ...login, ...token, insecureRegistries, transport, env, log }, describing);
  } finally {
    await transport.close();
  }
}
