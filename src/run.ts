import type { Inputs } from './inputs/inputs.ts';
import type { Mode } from './inputs/mode.ts';
import { openTransport } from './lib/http/transport.ts';
import { inBackground } from './lib/pool.ts';
import type { CleanupResult, ImageResult, RunResult, StepResult } from './report/result.ts';
import type { Runtime } from './runtime.ts';
import { isPrebuilt } from './stages/build/is-prebuilt.ts';
import { recallResult } from './stages/build/recall-result.ts';
import { asPullRequest, cleanUp } from './stages/cleanup.ts';
import { commentOnPullRequest } from './stages/comment.ts';
import { asTriggeringRun } from './stages/describe/as-triggering-run.ts';
import { describeOnly } from './stages/describe/describe-only.ts';
import { openLogin } from './stages/open/open-login.ts';
import { openPromoted } from './stages/open/open-promoted.ts';
import { openUntrusted } from './stages/open/open-untrusted.ts';
import { joinImages } from './stages/publish/join-images.ts';
import { describeImages, openPublications, withInputs } from './stages/publish/open-publications.ts';
import type { Publication, ReadyImage } from './stages/publish/publication.ts';
import { publishImages } from './stages/publish/publish-images.ts';
import { publishResult } from './stages/publish/publish-result.ts';
import { recordStages } from './stages/record-stages.ts';
import type { StageContext } from './stages/stage-context.ts';
import { pinSigned } from './stages/verify/pin-signed.ts';

/** The inputs of each image of a step. */
type Images = readonly [Inputs, ...Inputs[]];

/** What each mode does. */
export const actions = {
  build: (images, runtime) => publish(images, runtime, build),
  index: (images, runtime) =>
    push(images, runtime, (publications, context) =>
      context.runtime.log.group('Index', () => joinImages(publications, context)),
    ),
  promote: (images, runtime) => pushOpened(images, runtime, openPromoted),
  'push-layout': (images, runtime) => pushOpened(images, asTriggeringRun(runtime), openUntrusted),
  metadata: describeOnly,
  cleanup: clean,
  verify: async (images, runtime) => (await import('./verify.ts')).verify(images, runtime),
} satisfies Record<Mode, Action>;

/** The program of a mode: takes the inputs of each image of the step, and returns the result of the step. */
export type Action<Result = StepResult> = (images: Images, runtime: Runtime) => Promise<Result>;

/** Does something with access to registries, the metadata of each image, and its inputs. */
type Body<Result> = (
  context: StageContext,
  describing: ReturnType<typeof describeImages>,
  images: Images,
) => Promise<Result>;

/** The modes that push images. The result and the comment on the pull request also say how long each stage took. */
function publish(images: Images, ownRuntime: Runtime, body: Body<RunResult>): Promise<RunResult> {
  const { runtime, stages } = recordStages(ownRuntime);
  return withRegistries(images, runtime, async (context, describing, pinned) => {
    const result = { ...(await body(context, describing, pinned)), stages };
    await commentOnPullRequest(pinned, result, context);
    return result;
  });
}

/** What builds is only needed if no result is reused, and takes long to load. */
const loadBuild = () => import('./build-and-push.ts');

/** `mode: build`: pushes what an earlier run built from the same, or else builds; labels the images in both cases. */
async function build(...[context, describing, images]: Parameters<Body<RunResult>>): Promise<RunResult> {
  const recalling = inBackground(recallResult(images, context));
  inBackground(recalling.then(async ({ result }) => result ?? (await loadBuild())));
  const opening = inBackground(openPublications(await describing, context));
  // Nothing is built before the registry has allowed the push.
  if (!isPrebuilt(images[0])) await opening;
  const recalled = await recalling;
  const reused = await publishResult(recalled.result, opening, { runtime: context.runtime, by: 'commit' });
  if (reused !== undefined) return reused;
  const { buildAndPush } = await loadBuild();
  return buildAndPush({ opening, recalled }, context);
}

/** `mode: promote` and `push-layout`: `open` checks and labels existing images, which are then pushed. */
function pushOpened(
  images: Images,
  runtime: Runtime,
  open: (publications: readonly Publication[], context: StageContext) => Promise<ReadyImage[]>,
): Promise<RunResult> {
  return push(images, runtime, async (publications, context) => {
    const { log } = context.runtime;
    const ready = await log.group('Image', () => open(publications, context));
    return log.group('Push', () => publishImages(ready, context.runtime));
  });
}

/** The modes without a build: `body` pushes existing images to the publications of the step. */
function push(
  images: Images,
  runtime: Runtime,
  body: (publications: readonly Publication[], context: StageContext) => Promise<ImageResult[]>,
): Promise<RunResult> {
  return publish(images, runtime, async (context, describing) => ({
    images: await body(await openPublications(await describing, context), context),
    nixVersion: undefined,
  }));
}

/** `mode: cleanup`: deletes tags, and manifests that only these tags kept. */
function clean(images: Images, ownRuntime: Runtime): Promise<CleanupResult> {
  const runtime = asPullRequest(ownRuntime);
  return withRegistries(images, runtime, async (context, describing) => {
    const described = await describing;
    return runtime.log.group('Clean-up', () => cleanUp(described, context));
  });
}

/**
 * Runs `body` with access to registries, the metadata of each image and its inputs, in which images that have to be
 * signed are pinned; closes the connections afterwards.
 */
async function withRegistries<T>(images: Images, runtime: Runtime, body: Body<T>): Promise<T> {
  const [inputs] = images;
  const { insecureRegistries, githubToken } = inputs;
  const { env, log } = runtime;
  const transport = openTransport({ insecureHosts: insecureRegistries, env });
  try {
    const describing = inBackground(describeImages(images, runtime));
    const token = githubToken === undefined ? {} : { githubToken };
    const login = openLogin(inputs, runtime, describing);
    const context = { runtime, access: { ...login, ...token, insecureRegistries, transport, env, log } };
    const pinned = await pinSigned(images, context);
    return await body(context, inBackground(describing.then(all => withInputs(all, pinned))), pinned);
  } finally {
    await transport.close();
  }
}
