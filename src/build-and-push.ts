import { inBackground } from './lib/pool.ts';
import type { RunResult } from './report/result.ts';
import { buildImages } from './stages/build/build-images.ts';
import type { BuiltImages } from './stages/build/built-images.ts';
import { evaluateBuild } from './stages/build/evaluate-build.ts';
import { orRealised } from './stages/build/pass-on.ts';
import type { Recalled } from './stages/build/recall-result.ts';
import { rememberResult, rememberReused } from './stages/build/remember-result.ts';
import { saveAfter } from './stages/build/save-after.ts';
import { labelSources, openPrebuilt, openSources } from './stages/open/open-source.ts';
import type { Publication } from './stages/publish/publication.ts';
import { publishImages } from './stages/publish/publish-images.ts';
import { publishResult } from './stages/publish/publish-result.ts';
import { rebuildImages } from './stages/rebuild/rebuild-images.ts';
import type { StageContext } from './stages/stage-context.ts';

interface Build {
  readonly opening: Promise<readonly Publication[]>;
  /** Of the commit. A result in it cannot be used: registries lost its layers. */
  readonly recalled: Recalled;
}

/**
 * Evaluates, and pushes what an earlier run built from the same derivations, or else builds the images, labels and
 * pushes them; saves for later runs what all this took. One line per stage.
 */
export async function buildAndPush({ opening, recalled }: Build, context: StageContext): Promise<RunResult> {
  const { runtime } = context;
  const { images } = recalled;
  // An image given by `path` is opened while its destination is still being read.
  const prebuilt = openPrebuilt(images, context);
  const run = { inputs: images[0], runtime };
  const evaluated = prebuilt === undefined ? await evaluateBuild(images, recalled, runtime) : undefined;
  const remembering = inBackground(
    rememberReused(evaluated?.same, recalled, { images, context, nixVersion: evaluated?.nix.version }),
  );
  const reused = await publishResult(evaluated?.same, opening, { runtime, by: 'derivations' });
  if (reused !== undefined) {
    return saveAfter(undefined, run, async () => ({ result: reused, remembered: await remembering }));
  }
  const planned = await buildImages(images, runtime, { opened: evaluated, opening });
  const publish = async (built: BuiltImages) => {
    const rebuilt = await rebuildImages(images, built, runtime);
    const { sources, ready } = await runtime.log.group('Image', async () => {
      const sources = await (prebuilt ?? openSources(images, built, context));
      return { sources, ready: labelSources(await opening, sources, { built, rebuilt, runtime }) };
    });
    const published = await runtime.log.group('Push', () => publishImages(ready, runtime));
    const remembered = await rememberResult(recalled, { images, built, sources, published }, context);
    const { nixVersion, work, cache } = built;
    return { result: { images: published, nixVersion, work, cache }, remembered };
  };
  return saveAfter(planned.save, run, () => orRealised(planned, runtime, publish));
}
