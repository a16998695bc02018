import {
  saveAfter
} from "./chunk-YVVAMRIN.mjs";
import {
  readDerivation,
  withoutImports
} from "./chunk-FWHS4F6C.mjs";
import {
  rebuildImages
} from "./chunk-JGPY3LYW.mjs";
import "./chunk-7T4EEEUH.mjs";
import {
  attributeToBuild,
  buildImages,
  evaluateTarget,
  labelSources,
  openBuild,
  openPrebuilt,
  openSources,
  orRealised
} from "./chunk-YZKW6YE4.mjs";
import {
  restoreSources
} from "./chunk-CF4VPEFD.mjs";
import {
  maySave
} from "./chunk-FDAA2TLC.mjs";
import "./chunk-INTXPZ6B.mjs";
import {
  publishImages,
  publishResult
} from "./chunk-QXXOMLBA.mjs";
import "./chunk-BCOIIFZD.mjs";
import "./chunk-DOBU3S46.mjs";
import {
  fetchSame,
  findDecisive,
  warnOfFailure
} from "./chunk-XL7E7YGZ.mjs";
import "./chunk-RCHAHIEV.mjs";
import "./chunk-3DOYXRXT.mjs";
import {
  formatResult,
  largestEntry,
  parseResult,
  resultKey
} from "./chunk-JYQXIE4E.mjs";
import "./chunk-BZDVR7SU.mjs";
import "./chunk-ZWG43C65.mjs";
import "./chunk-KDJ5XFQM.mjs";
import "./chunk-7IH7JYJA.mjs";
import "./chunk-6OHNNCAZ.mjs";
import "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import "./chunk-MAQ7ADOM.mjs";
import "./chunk-4GYQYVDP.mjs";
import "./chunk-25LIPGGA.mjs";
import "./chunk-XBGOFGJP.mjs";
import "./chunk-HEI324TL.mjs";
import {
  Failure,
  inBackground,
  messageOf,
  settleAll
} from "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/stages/build/evaluate-build.ts
async function evaluateBuild(images, { decisive, result }, runtime) {
  const opened = await openBuild(images, runtime);
  const { nix, fetched } = opened;
  const entry = fetched?.entry;
  if (decisive === void 0 || result !== void 0 || images[0].rebuild === "always" || entry === void 0) {
    return opened;
  }
  return runtime.log.group("Evaluation", async () => {
    const before = opened.before ?? await restoreSources(entry, nix, runtime);
    const evaluated = before && await evaluate(images, nix, runtime);
    if (evaluated === void 0) return { ...opened, before };
    const { facts, derivations } = evaluated;
    const fetching = fetchSame(images, { ...decisive, source: { derivations } }, runtime);
    const same = await fetching.catch((error) => warnOfFailure(error, runtime));
    return { ...opened, before, facts, same };
  });
}
async function evaluate(images, nix, runtime) {
  const asked = (target, inputs) => ({
    ...inputs,
    target,
    buildArgs: [...inputs.buildArgs, ...withoutImports]
  });
  const readImage = async (build, inputs) => {
    const evaluated = await evaluateTarget(nix, asked(targetOf(build), inputs), runtime);
    if (evaluated === void 0) return {};
    const { facts, derivations } = evaluated;
    return { facts, drvPath: derivations[attributeToBuild(facts, inputs)] ?? void 0 };
  };
  const readContents = async (installable) => ({
    drvPath: await readDerivation(nix, asked({ kind: "installable", installable }, images[0]), runtime)
  });
  const reading = inBackground(settleAll(images[0].contents.map(readContents)));
  const ofImages = await settleAll(
    images.map((inputs) => settleAll(inputs.builds.map((build) => readImage(build, inputs))))
  );
  const known = derivationsOf(ofImages.flat(), await reading);
  return known && { facts: ofImages.map((platforms) => platforms.map(({ facts }) => facts)), derivations: known };
}
function targetOf({ source }) {
  if (source.kind === "path") throw new TypeError("A prebuilt image is never built.");
  return source;
}
function derivationsOf(images, contents) {
  const all = [
    ...images.map(({ drvPath, facts }) => [drvPath, facts]),
    ...contents.map(({ drvPath }) => [drvPath, null])
  ];
  const isKnown = (one) => one[0] !== void 0 && one[1] !== void 0;
  return all.every(isKnown) ? all : void 0;
}

// src/stages/build/remember-result.ts
async function rememberResult({ decisive }, { images, built, sources, published }, context) {
  const { runtime } = context;
  const isWanted = maySave(images[0], runtime) && published.every(({ pushed }) => pushed);
  if (decisive === void 0 || !isWanted) return void 0;
  const derivations = derivationsOf(built.images.flat(), built.contents ?? []);
  const same = derivations === void 0 ? [] : [{ ...decisive, source: { derivations } }];
  try {
    const result = {
      time: new Date(runtime.now()).toISOString().replace(/\.\d+Z$/, "Z"),
      run: runtime.context.runUrl,
      nixVersion: built.nixVersion ?? "",
      images: built.images.map(
        (platforms, i) => platforms.map((one, j) => builtResultOf(one, sources[i]?.[j], { of: published[i], at: j }))
      )
    };
    await expectUnchanged(decisive, { images, context, nixVersion: built.nixVersion });
    return taskOf(result, decisive, same);
  } catch (error) {
    runtime.log.debug(`Not remembering the result of this build: ${messageOf(error)}`);
    return void 0;
  }
}
async function rememberReused(result, { decisive }, remembering) {
  const { images, context } = remembering;
  const { runtime } = context;
  if (result === void 0 || decisive === void 0) return void 0;
  if (!maySave(images[0], runtime) || images.some(({ dryRun }) => dryRun)) return void 0;
  try {
    await expectUnchanged(decisive, remembering);
    return taskOf(result, decisive);
  } catch (error) {
    runtime.log.debug(`Not remembering the result of this build: ${messageOf(error)}`);
    return void 0;
  }
}
async function expectUnchanged(decisive, { images, context, nixVersion }) {
  const now = await findDecisive(images, context, nixVersion);
  if (now !== void 0 && resultKey(now) === resultKey(decisive)) return;
  throw new Failure("what it was built from changed during the build");
}
function taskOf(result, decisive, others = []) {
  const key = resultKey(decisive);
  const text = formatResult(key, result);
  if (text.length > largestEntry) throw new Failure(`it has ${text.length} bytes`);
  parseResult(Buffer.from(text), key);
  return { key, text, others: others.map(resultKey) };
}
function builtResultOf({ drvPath, facts }, { image, usesClock }, { of: published, at }) {
  const result = published?.platforms[at];
  if (usesClock) throw new Failure("it takes times from the clock, so that every run makes another image");
  if (drvPath === void 0 || result === void 0) throw new Failure("it has no derivation");
  const { config, annotations = {}, base } = image;
  const meta = facts && {
    description: facts.description,
    license: facts.license,
    homepage: facts.homepage,
    version: facts.version
  };
  return {
    drvPath,
    config,
    annotations,
    base,
    meta,
    findings: (published?.findings ?? []).filter(({ platform }) => platform === result.platform),
    layers: result.layers.map(({ descriptor, contents }) => ({ descriptor, contents }))
  };
}

// src/build-and-push.ts
async function buildAndPush({ opening, recalled }, context) {
  const { runtime } = context;
  const { images } = recalled;
  const prebuilt = openPrebuilt(images, context);
  const run = { inputs: images[0], runtime };
  const evaluated = prebuilt === void 0 ? await evaluateBuild(images, recalled, runtime) : void 0;
  const remembering = inBackground(
    rememberReused(evaluated?.same, recalled, { images, context, nixVersion: evaluated?.nix.version })
  );
  const reused = await publishResult(evaluated?.same, opening, { runtime, by: "derivations" });
  if (reused !== void 0) {
    return saveAfter(void 0, run, async () => ({ result: reused, remembered: await remembering }));
  }
  const planned = await buildImages(images, runtime, { opened: evaluated, opening });
  const publish = async (built) => {
    const rebuilt = await rebuildImages(images, built, runtime);
    const { sources, ready } = await runtime.log.group("Image", async () => {
      const sources2 = await (prebuilt ?? openSources(images, built, context));
      return { sources: sources2, ready: labelSources(await opening, sources2, { built, rebuilt, runtime }) };
    });
    const published = await runtime.log.group("Push", () => publishImages(ready, runtime));
    const remembered = await rememberResult(recalled, { images, built, sources, published }, context);
    const { nixVersion, work, cache } = built;
    return { result: { images: published, nixVersion, work, cache }, remembered };
  };
  return saveAfter(planned.save, run, () => orRealised(planned, runtime, publish));
}
export {
  buildAndPush
};
