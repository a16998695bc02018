import type { Inputs } from './inputs/inputs.ts';
import { openTransport } from './lib/http/transport.ts';
import { inBackground } from './lib/pool.ts';
import type { RegistryAccess } from './registry/access/client.ts';
import type { CleanupResult, MetadataResult, RunResult } from './report/result.ts';
import type { Runtime } from './runtime.ts';
import { buildImages } from './stages/build/build-images.ts';
import { saveStoreAfter } from './stages/build/save-store.ts';
import { asPullRequest, cleanUp } from './stages/cleanup.ts';
import { commentOnPullRequest } from './stages/comment.ts';
import { asTriggeringRun } from './stages/describe/as-triggering-run.ts';
import { describeRun } from './stages/describe/describe-run.ts';
import { openLogin } from './stages/open/open-login.ts';
import { openPromoted } from './stages/open/open-promoted.ts';
import { labelSources, openPrebuilt, openSources } from './stages/open/open-source.ts';
import { openUntrusted } from './stages/open/open-untrusted.ts';
import { joinImages } from './stages/publish/join-images.ts';
import { describeImages, openPublications } from './stages/publish/open-publications.ts';
import { publishImages } from './stages/publish/publish-images.ts';

/** The inputs of each image that a step makes. */
type Images = readonly [Inputs, ...Inputs[]];

/** The story of the action: from inputs to images that are built, labelled and pushed. One line a stage. */
function run(images: Images, runtime: Runtime): Promise<RunResult> {
  return withAccess(images, runtime, async (access, describing) => {
    // What is built already is opened while all else is found out.
    const given = openPrebuilt(images, { runtime, access });
    const opening = inBackground(openPublications(await describing, { runtime, access }));
    // Before a build it is seen that a push will be allowed.
    if (given === undefined) await opening;
    const built = await buildImages(images, runtime);
    const published = await saveStoreAfter(built.save, { inputs: images[0], runtime }, async () => {
      const ready = await runtime.log.group('Image', async () => {
        const sources = await (given ?? openSources(images, built, { runtime, access }));
        return labelSources(await opening, sources, { built, runtime });
      });
      return runtime.log.group('Push', () => publishImages(ready, runtime));
    });
    await commentOnPullRequest(images, published, { runtime, access });
    return { images: published, nixVersion: built.nixVersion, work: built.work, cache: built.cache };
  });
}

/** The story of `mode: index`: images of several platforms, which are in a registry, become one; nothing is built. */
function join(images: Images, runtime: Runtime): Promise<RunResult> {
  return withAccess(images, runtime, async (access, describing) => {
    const publications = await openPublications(await describing, { runtime, access });
    const joined = await runtime.log.group('Index', () => joinImages(publications, { runtime, access }));
    await commentOnPullRequest(images, joined, { runtime, access });
    return { images: joined, nixVersion: undefined };
  });
}

/** The story of `mode: promote`: an image that is there is labelled and tagged anew; its layers stay byte for byte. */
function promote(images: Images, runtime: Runtime): Promise<RunResult> {
  return withAccess(images, runtime, async (access, describing) => {
    const publications = await openPublications(await describing, { runtime, access });
    const ready = await runtime.log.group('Image', () => openPromoted(publications, { runtime, access }));
    const published = await runtime.log.group('Push', () => publishImages(ready, runtime));
    await commentOnPullRequest(images, published, { runtime, access });
    return { images: published, nixVersion: undefined };
  });
}

/** The story of `mode: push-layout`: what untrusted code has built is checked, labelled and pushed. */
function pushLayout(images: Images, ownRuntime: Runtime): Promise<RunResult> {
  const runtime = asTriggeringRun(ownRuntime);
  return withAccess(images, runtime, async (access, describing) => {
    const publications = await openPublications(await describing, { runtime, access });
    const ready = await runtime.log.group('Image', () => openUntrusted(publications, runtime));
    const published = await runtime.log.group('Push', () => publishImages(ready, runtime));
    await commentOnPullRequest(images, published, { runtime, access });
    return { images: published, nixVersion: undefined };
  });
}

/** The story of `mode: metadata`: tags, labels and annotations, with no Nix and no image. */
async function describe(images: Images, runtime: Runtime): Promise<MetadataResult> {
  const [metadata] = await runtime.log.group('Metadata', () => describeRun(images, runtime));
  return { metadata };
}

/** The story of `mode: cleanup`: tags are deleted, with what only they hold. */
function clean(images: Images, ownRuntime: Runtime): Promise<CleanupResult> {
  const runtime = asPullRequest(ownRuntime);
  return withAccess(images, runtime, async (access, describing) => {
    const described = await describing;
    return runtime.log.group('Clean-up', () => cleanUp(described, { runtime, access }));
  });
}

/** What each mode tells. */
export const actions = {
  build: run,
  index: join,
  promote,
  'push-layout': pushLayout,
  metadata: describe,
  cleanup: clean,
} satisfies Record<Inputs['mode'], (images: Images, runtime: Runtime) => Promise<RunResult | MetadataResult>>;

/** What `body` needs to speak to registries, and what is to be said of each image; its connections are closed after it. */
async function withAccess<T>(
  images: Images,
  runtime: Runtime,
  body: (access: RegistryAccess, describing: ReturnType<typeof describeImages>) => Promise<T>,
): Promise<T> {
  const [inputs] = images;
  const { insecureRegistries, githubToken } = inputs;
  const { env, log } = runtime;
  const transport = openTransport({ insecureHosts: insecureRegistries, env });
  try {
    const describing = inBackground(describeImages(images, runtime));
    const token = githubToken === undefined ? {} : { githubToken };
    const login = openLogin(inputs, runtime, describing);
    return await body({ ...login, ...token, insecureRegistries, transport, env, log }, describing);
  } finally {
    await transport.close();
  }
}
