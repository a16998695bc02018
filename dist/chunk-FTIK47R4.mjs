import {
  inspectLayers,
  withRegistries
} from "./chunk-VGFZXKJJ.mjs";
import "./chunk-J3WADLHT.mjs";
import {
  rebuildImages
} from "./chunk-JGPY3LYW.mjs";
import "./chunk-7T4EEEUH.mjs";
import {
  buildImages,
  openSources
} from "./chunk-YZKW6YE4.mjs";
import "./chunk-CF4VPEFD.mjs";
import "./chunk-FDAA2TLC.mjs";
import "./chunk-INTXPZ6B.mjs";
import {
  layerDifferences
} from "./chunk-QXXOMLBA.mjs";
import {
  compareConfigs
} from "./chunk-BCOIIFZD.mjs";
import {
  lackOfSignature,
  predicateTypes,
  readStatements
} from "./chunk-DOBU3S46.mjs";
import {
  baseImageName,
  createMeter,
  drain,
  openTar,
  openVerifier,
  readStored,
  remoteImageOf
} from "./chunk-XL7E7YGZ.mjs";
import "./chunk-RCHAHIEV.mjs";
import "./chunk-3DOYXRXT.mjs";
import {
  getManifest,
  openClient,
  withBlobsKept
} from "./chunk-JYQXIE4E.mjs";
import "./chunk-BZDVR7SU.mjs";
import "./chunk-ZWG43C65.mjs";
import "./chunk-KDJ5XFQM.mjs";
import "./chunk-7IH7JYJA.mjs";
import "./chunk-6OHNNCAZ.mjs";
import {
  diffIdsOf,
  platformOf
} from "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import {
  rewrittenNote
} from "./chunk-TGAC4YNB.mjs";
import "./chunk-ZB72IX4D.mjs";
import "./chunk-MAQ7ADOM.mjs";
import "./chunk-4GYQYVDP.mjs";
import "./chunk-25LIPGGA.mjs";
import {
  closestTo,
  isPath,
  isStorePath,
  parseInputs
} from "./chunk-XBGOFGJP.mjs";
import {
  digestOf,
  formatRepository,
  parseImageName
} from "./chunk-HEI324TL.mjs";
import {
  Failure,
  createPool,
  isObject,
  oneLine,
  sbomFormats,
  sbomTypes,
  settleAll
} from "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/attest/read-provenance.ts
function readOrigin(predicate) {
  const definition = objectOf(predicate.buildDefinition);
  const parameters = objectOf(definition.externalParameters);
  const listed = Array.isArray(definition.resolvedDependencies) ? definition.resolvedDependencies.filter(isObject) : [];
  const checkout = listed.find(({ name: name2, uri: uri2 }) => name2 === void 0 && String(uri2).startsWith("git+"));
  const { repository } = objectOf(parameters.workflow);
  const revision = String(objectOf(checkout?.digest).gitCommit);
  const url = String(repository);
  const uri = String(checkout?.uri ?? "");
  if (!/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(revision)) throw unusable("it names no commit");
  if (!/^(?:https|ssh|file):\/\/[^\s?#@]*$/.test(url)) throw unusable(`its repository is ${oneLine(url, 200)}`);
  if (uri !== `git+${url}` && !uri.startsWith(`git+${url}@`)) {
    throw unusable(`it names the workflow of ${url}, but the checkout of ${oneLine(uri, 200)}`);
  }
  const inputs = Object.entries(objectOf(parameters.nixImage_inputs));
  const texts = inputs.flatMap(([name2, text]) => typeof text === "string" ? [[name2, text]] : []);
  const { nixImage_name: name } = parameters;
  return {
    repository: url,
    revision,
    inputs: Object.fromEntries(texts),
    name: typeof name === "string" ? name : void 0,
    base: baseOf(listed)
  };
}
function baseOf(dependencies) {
  const base = dependencies.find(({ name, uri }) => name === "base" && String(uri).startsWith("oci://"));
  const { sha256 } = objectOf(base?.digest);
  return typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256) ? `sha256:${sha256}` : void 0;
}
function objectOf(value) {
  return isObject(value) ? value : {};
}
function unusable(why) {
  return new Failure(`Cannot build the image again: its provenance does not say what it was built from: ${why}.`);
}

// src/stages/rebuild/check-out.ts
async function checkOut({ repository, revision }, { exec, env, gitEnv, createDirectory, log }) {
  const name = /([\w-][\w.-]*?)(?:\.git)?\/*$/.exec(repository)?.[1] ?? "checkout";
  const directory = `${await createDirectory()}/${name}`;
  const safe = { GIT_ALLOW_PROTOCOL: "https:ssh:file", GIT_TERMINAL_PROMPT: "0" };
  const git = async (...args) => {
    const { code, stderr } = await exec("git", args, { env: { ...env, ...gitEnv, ...safe } });
    if (code === 0) return;
    throw new Failure(`Cannot fetch ${revision} of ${repository}: ${oneLine(stderr) || `git exited with ${code}`}`);
  };
  const format = revision.length === 40 ? "sha1" : "sha256";
  await git("init", "--quiet", `--object-format=${format}`, directory);
  await git("-C", directory, "fetch", "--quiet", "--depth=1", "--no-tags", "--", repository, revision);
  await git("-C", directory, "checkout", "--quiet", "--detach", "FETCH_HEAD");
  log.info(`Checked out ${revision} of ${repository}`);
  return directory;
}

// src/stages/rebuild/origin-inputs.ts
var shaping = [
  ...["installable", "file", "attr", "native", "prefer-stream", "image-name", "config", "contents", "user"],
  ...["base", "layering", "max-layers", "nix-db"]
];
var refused = ["path", "from", "sources", "build-args", "impure"];
function inputsOf({ inputs: given, name, base: digest }, inputs) {
  const found = refused.filter((one) => given[one] !== void 0 && given[one] !== "false");
  if (found.length > 0) {
    throw new Failure(`Cannot build the image again: by its provenance it was built with ${found.join(" and ")}.`);
  }
  const texts = {
    ...Object.fromEntries(shaping.map((one) => [one, given[one] ?? ""])),
    mode: "build",
    cache: "false",
    "check-reproducible": "true"
  };
  const { builds, base, ...own } = parseInputs((one) => texts[one] ?? "", name);
  const sources = own.contents.map((installable) => ({ kind: "installable", installable }));
  for (const source of [...builds.map((one) => one.source), ...sources]) expectInCheckout(source);
  if (base !== void 0 && isPath(base) && !isBelow(base)) throw elsewhere(base);
  const { nix, githubToken, insecureRegistries, platforms } = inputs;
  const wanted = builds.filter(
    ({ platform }) => platforms.length === 0 || platform === void 0 || platforms.includes(platform)
  );
  return {
    ...own,
    ...base === void 0 ? {} : { base: pinnedBase(base, digest) },
    ...githubToken === void 0 ? {} : { githubToken },
    builds: wanted,
    nix,
    insecureRegistries
  };
}
function expectInCheckout(source) {
  if (source.kind === "file" && isBelow(source.file)) return;
  const [flake = ""] = source.kind === "installable" ? source.installable.split("#") : [];
  if (source.kind === "installable" && isBelow(flake) && flakeInCheckout.test(flake)) return;
  throw elsewhere(
    source.kind === "installable" ? source.installable : source.kind === "file" ? source.file : source.path
  );
}
var flakeInCheckout = /^(?:\.(?:\/[^?#]*)?)?(?:\?(?:(?:dir|submodules|lfs)=[^&#]*&?)*)?$/;
function isBelow(path) {
  return !path.startsWith("/") && !path.split(/[/=]/).includes("..");
}
function elsewhere(name) {
  return new Failure(
    `Cannot build the image again: it was built from ${oneLine(name, 200)}, which is not a path in the checkout, and its provenance does not record the content.`
  );
}
function pinnedBase(base, digest) {
  if (baseImageName(base) === void 0) return base;
  if (digest !== void 0) return `${base.split("@")[0]?.replace(/:[^/:]*$/, "")}@${digest}`;
  throw new Failure(
    `Cannot build the image again: its provenance does not name the digest of its base ${oneLine(base)}.`
  );
}

// src/stages/rebuild/rebuild-verified.ts
async function rebuildVerified(verified, inputs, { runtime: given, access }) {
  const runtime = { ...given, env: { ...given.env, ...noRepository } };
  if (verified.provenance === void 0) throw new TypeError("rebuild requires provenance.");
  const { name: tag, ...repository } = parseImageName(verified.name);
  const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
  const { images: stored, others } = await readStored(client, tag, inputs.platforms[0]);
  if (others > 0 && inputs.platforms.length === 0) {
    throw new Failure(
      `Cannot build ${verified.name} again: the index also lists ${others} manifests that are not images. Choose an image with platform.`
    );
  }
  const origin = readOrigin(verified.provenance);
  const own = inputsOf(origin, inputs);
  const directory = await checkOut(origin, runtime);
  const inCheckout = {
    ...runtime,
    directory,
    resolve: (path) => path.startsWith("/") ? path : `${directory}/${path}`
  };
  const built = await buildImages([own], inCheckout);
  await rebuildImages([own], built, inCheckout);
  return runtime.log.group("Compare", async () => {
    const sources = (await openSources([own], built, { runtime: inCheckout, access })).flat();
    const from = `${origin.repository} at ${origin.revision}`;
    const lines = [];
    for (const image of stored) lines.push(await compareStored(image, sources, { name: verified.name, from }));
    for (const line of lines) runtime.log.info(line);
    return { ...verified, verified: [...verified.verified, ...lines] };
  });
}
var noRepository = Object.fromEntries(
  ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"].map((name) => [name, void 0])
);
async function compareStored(image, sources, { name, from }) {
  const { platform, layers } = image;
  const [source] = closestTo(platform, sources, (one) => platformOf(one.image.config));
  if (source === void 0) {
    throw new Failure(
      `Cannot build ${name} for ${platform} again: the build is for other platforms. Choose one with platform.`
    );
  }
  const lines = await compare(remoteImageOf(image), source.image);
  if (lines.length === 0) return `rebuild of ${platform}: ${layers.length} layers and the config are those of ${from}`;
  throw new Failure([`The image ${name} for ${platform} differs from its build from ${from}:`, ...lines].join("\n"));
}
var mostFields = 20;
var readsAtATime = 4;
async function compare(first, second) {
  const ofConfig = compareConfigs(first.config, second.config).filter(({ field }) => field !== "created" && !field.startsWith("label ")).slice(0, mostFields).map(({ field, before: before2, after: after2 }) => oneLine(`config, ${field}: ${before2 ?? "nothing"} and ${after2 ?? "nothing"}`));
  const before = diffIdsOf(first.config) ?? [];
  const pool = createPool(readsAtATime);
  const after = await settleAll(second.layers.map((layer) => pool(() => readDiffId(layer))));
  if (before.length !== after.length) return [...ofConfig, `${before.length} layers and ${after.length}`];
  const different = before.flatMap((diffId, i) => {
    if (diffId === after[i]) return [];
    const [one, other] = [first.layers[i], second.layers[i]];
    return [{ name: `layer ${i + 1}: ${diffId} and ${after[i]}`, first: one, second: other }];
  });
  return [...ofConfig, ...await layerDifferences(different)];
}
async function readDiffId(layer) {
  if (layer.remote?.facts.diffId !== void 0) return layer.remote.facts.diffId;
  const meter = createMeter();
  await drain(meter.through(openTar(layer)));
  return meter.digest();
}

// src/stages/verify/check-provenance.ts
function wantedWorkflow({ repository, workflow, ref }, context) {
  const { server = "https://github.com", repository: own } = context.workflow ?? {};
  const name = repository ?? own;
  return {
    ...name === void 0 ? {} : { repository: name.startsWith("https://") ? name : `${server}/${name}` },
    ...workflow === void 0 ? {} : { workflow },
    ...ref === void 0 ? {} : { ref }
  };
}
function checkProvenance({ found, reasons }, wanted) {
  const all = found.filter(({ predicateType }) => predicateType === predicateTypes.provenance);
  const faults = [];
  for (const { predicate, certified } of all) {
    const named2 = workflowIn(predicate);
    const fault = faultOf(named2, wanted, certified.workflow);
    if (fault === void 0) return { name: "provenance", detail: describe(named2), predicate };
    faults.push(fault);
  }
  const lacking = ["the signer attached none", ...reasons];
  return { name: "provenance", fault: [...new Set(all.length === 0 ? lacking : faults)].join("; ") };
}
function workflowIn(predicate) {
  const { buildDefinition } = predicate;
  const { externalParameters } = isObject(buildDefinition) ? buildDefinition : {};
  const { workflow } = isObject(externalParameters) ? externalParameters : {};
  const { repository, path, ref } = isObject(workflow) ? workflow : {};
  const text = (value) => typeof value === "string" ? value : void 0;
  return { repository: text(repository), workflow: text(path), ref: text(ref) };
}
function faultOf(named2, wanted, certified) {
  for (const part of ["repository", "workflow", "ref"]) {
    if (wanted[part] === void 0 || wanted[part] === named2[part]) continue;
    return `it names the ${part} ${shown(named2[part])}, not ${wanted[part]}`;
  }
  const { repository, workflow, ref } = named2;
  if (certified === void 0 || certified === `${repository}/${workflow}@${ref}`) return void 0;
  return `it names ${describe(named2)}, but its certificate ${oneLine(certified, 300)}`;
}
function describe({ repository, workflow, ref }) {
  return [repository, workflow, ref].map(shown).join(" ");
}
function shown(part) {
  return part === void 0 ? "(none)" : oneLine(part, 300);
}

// src/sbom/listed-paths.ts
function listedPaths(format, document) {
  return format === "spdx" ? listedInSpdx(document) : listedInCycloneDx(document);
}
function listedInCycloneDx({ components }) {
  const listed = objectsIn(components);
  const base = listed.find((component) => component["bom-ref"] === "base");
  return {
    paths: pathsOf(listed),
    rewritten: pathsOf(listed.filter((component) => valuesOf(component, "nix:rewritten").includes("true"))),
    base: base === void 0 ? [] : valuesOf(base, "oci:diff_id")
  };
}
function pathsOf(components) {
  return components.flatMap((component) => valuesOf(component, "nix:store_path")).filter((path) => isStorePath(path));
}
function valuesOf({ properties }, wanted) {
  return objectsIn(properties).flatMap(
    ({ name, value }) => name === wanted && typeof value === "string" ? [value] : []
  );
}
function listedInSpdx({ packages }) {
  const listed = objectsIn(packages);
  const base = listed.find(({ SPDXID: id }) => id === "SPDXRef-base");
  const isRewritten = ({ comment }) => String(comment).split("\n").includes(rewrittenNote);
  const filesOf = (some) => some.map(({ packageFileName: file }) => file).filter((file) => isStorePath(file));
  return {
    paths: filesOf(listed),
    rewritten: filesOf(listed.filter(isRewritten)),
    base: typeof base?.comment === "string" ? base.comment.split(" ").filter(Boolean) : []
  };
}
function objectsIn(list) {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

// src/stages/verify/check-sbom.ts
var mostNamed = 5;
async function checkSbom(image, { found, reasons }, context) {
  const name = `sbom of ${oneLine(image.platform, 100)}`;
  const documents = sbomFormats.flatMap(
    (format) => found.flatMap(
      ({ predicateType, predicate }) => predicateType === sbomTypes[format].predicateType ? [{ format, listed: listedPaths(format, predicate) }] : []
    )
  );
  if (documents.length === 0) return { name, fault: ["the signer attached none", ...reasons].join("; ") };
  const { layers } = await inspectLayers(withBlobsKept(remoteImageOf(image)), context);
  const faults = [];
  for (const { format, listed } of documents) {
    const outcome = compare2(listed, layers);
    if (outcome.fault === void 0) return { name, detail: `${format}, ${outcome.detail}` };
    faults.push(`${format}: ${outcome.fault}`);
  }
  return { name, fault: faults.join("; ") };
}
function compare2({ paths, rewritten, base }, layers) {
  if (!base.every((diffId, i) => layers[i]?.diffId === diffId)) {
    return { fault: "its base is not the lowest layers of the image" };
  }
  const own = layers.slice(base.length);
  const there = new Set(own.flatMap(({ contents }) => contents.paths.map(({ path }) => path)));
  const listed = new Set(paths);
  const unlisted = [...there].filter((path) => !listed.has(path)).sort();
  if (unlisted.length > 0) return { fault: `it does not list ${named(unlisted)}` };
  const absent = [...listed].filter((path) => !there.has(path)).sort();
  const missing = absent.filter((path) => !rewritten.includes(path));
  if (missing.length > 0) return { fault: `no layer has ${named(missing)}` };
  const elsewhere2 = absent.length === 0 ? "" : `; outside the store: the files of ${named(absent)}`;
  return { detail: `${there.size} store paths, all listed${elsewhere2}` };
}
function named(paths) {
  const more = paths.length - mostNamed;
  return `${paths.slice(0, mostNamed).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

// src/stages/verify/verify-image.ts
async function verifyImage(inputs, context) {
  const { image, require: require2 } = inputs;
  const { runtime, access } = context;
  const verifier = await openVerifier(inputs, runtime);
  if (image === void 0 || verifier === void 0) throw new TypeError("image and a signer are set in mode verify.");
  const { name: tag, ...repository } = parseImageName(image);
  const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
  const digest = digestOf(await getManifest(client, tag));
  const name = `${formatRepository(repository)}@${digest}`;
  const statements = await readStatements(client, digest, verifier);
  const checks = [];
  if (require2.parts.includes("signature")) {
    const fault = lackOfSignature(statements);
    checks.push({ name: "signature", ...fault === void 0 ? { detail: `by ${verifier.name}` } : { fault } });
  }
  const provenance = checkProvenance(statements, wantedWorkflow(require2, runtime.context));
  if (require2.parts.includes("provenance")) checks.push(provenance);
  if (require2.parts.includes("sbom")) checks.push(...await checkSboms(client, digest, { verifier, context }));
  expectAll(name, checks);
  for (const check of checks) runtime.log.info(describe2(check));
  return { name, digest, verified: checks.map(describe2), provenance: provenance.predicate };
}
async function checkSboms(client, digest, { verifier, context }) {
  const checks = [];
  const { images, others } = await readStored(client, digest);
  for (const image of images) {
    const statements = await readStatements(client, image.manifest.descriptor.digest, verifier);
    checks.push(await checkSbom(image, statements, context));
  }
  if (others > 0) {
    checks.push({
      name: "sbom",
      fault: `the index also lists ${others} manifests that are not images, with unknown contents`
    });
  }
  return checks;
}
function expectAll(name, checks) {
  if (checks.every(({ fault }) => fault === void 0)) return;
  const lines = checks.map((check) => `- ${describe2(check)}`);
  throw new Failure([`The image ${name} does not have what is required:`, ...lines].join("\n"));
}
function describe2({ name, detail, fault }) {
  return fault === void 0 ? `${name}: ${detail}` : `${name}: wrong: ${fault}`;
}

// src/verify.ts
function verify([inputs], runtime) {
  const names = inputs.image === void 0 ? [] : [inputs.image];
  return withRegistries({ inputs, names, runtime }, async (context) => {
    const verified = await runtime.log.group("Verify", () => verifyImage(inputs, context));
    return inputs.require.parts.includes("rebuild") ? rebuildVerified(verified, inputs, context) : verified;
  });
}
export {
  verify
};
