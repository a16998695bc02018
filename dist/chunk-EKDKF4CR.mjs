import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  inspectImage
} from "./chunk-TC344R27.mjs";
import {
  withRegistries
} from "./chunk-KHYPYJOC.mjs";
import {
  readInputs
} from "./chunk-YQRY6PYA.mjs";
import {
  bareInventory,
  imagePathsOf,
  readInventory
} from "./chunk-7VJQXY7B.mjs";
import "./chunk-VQLGVKI6.mjs";
import "./chunk-HJBBPKX6.mjs";
import {
  buildImages,
  openSources
} from "./chunk-CYB4L7XX.mjs";
import "./chunk-2WX7X74Z.mjs";
import "./chunk-LZ4Q3MM3.mjs";
import "./chunk-KHDMYFLA.mjs";
import "./chunk-26MOZYYU.mjs";
import "./chunk-2ZAGE6CE.mjs";
import {
  isPath
} from "./chunk-ZHPDOGFP.mjs";
import {
  parseImageName
} from "./chunk-RYZTQ7VR.mjs";
import {
  createdOf,
  platformOf
} from "./chunk-F6TB5S6D.mjs";
import "./chunk-I6KOPCOT.mjs";
import "./chunk-REXRYIA7.mjs";
import {
  UsageError
} from "./chunk-XSKKEYNQ.mjs";
import "./chunk-RNG2A6P6.mjs";
import "./chunk-RQQGAJIZ.mjs";
import {
  sbomFormats,
  sbomOf
} from "./chunk-PG3CCCZV.mjs";
import "./chunk-ANYIBTUE.mjs";
import "./chunk-KE3VB7AW.mjs";
import "./chunk-MEXKEPMQ.mjs";
import "./chunk-R3JF3YFP.mjs";
import "./chunk-MGSFRYDV.mjs";
import "./chunk-ROPKUCAE.mjs";
import {
  storePathName
} from "./chunk-G5OCPV4E.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-LI5CVXRG.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-OKAHSBUE.mjs";
import "./chunk-GPVCC3OF.mjs";
import "./chunk-CNJZ53BR.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-3M57GHHF.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";

// src/stages/sbom/describe-subject.ts
function describeSubject(name, inputs, context) {
  return isInstallable(name) || isPath(name) ? describeBuild(name, inputs, context) : describeStored(name, inputs, context);
}
function isInstallable(name) {
  return name === "." || name.includes("#");
}
async function describeBuild(name, inputs, context) {
  const source = isInstallable(name) ? { kind: "installable", installable: name } : { kind: "path", path: name };
  const own = { ...inputs, builds: [{ source }] };
  const built = await buildImages([own], context.runtime);
  const [[one] = []] = built.images;
  const [[opened] = []] = await openSources([own], built, context);
  if (one === void 0 || opened === void 0) throw new TypeError("One installable is one source.");
  const { image } = opened;
  return {
    // Not as the user named it: the same image has the same document on every machine.
    name: storePathName(one.path).replace(/^.*\//, ""),
    platform: platformOf(image.config),
    created: createdOf(image.config),
    inventory: await readInventory(image, one)
  };
}
async function describeStored(name, inputs, context) {
  const { config, platform, layers, digest } = await inspectImage(name, { inputs, ...context });
  const { name: _, ...repository } = parseImageName(name);
  const ofLayers = layers.map(({ contents, otherBytes }) => ({
    paths: contents.paths.map(({ path }) => path),
    hasOthers: otherBytes > 0
  }));
  const subject = { name: `${repository.host}/${repository.path}`, repository, platform, created: createdOf(config) };
  const inventory = bareInventory(imagePathsOf(ofLayers, { config }));
  return { ...subject, ...digest === void 0 ? {} : { digest }, inventory };
}

// src/commands/run-sbom.ts
var runSbom = async ({ flags: { format: wanted, ...flags }, parameters }, runtime) => {
  const format = sbomFormats.find((one) => one === (wanted ?? "cyclonedx"));
  if (format === void 0) throw new UsageError(`Cannot use --format ${wanted}. Give ${sbomFormats.join(" or ")}.`);
  const inputs = readInputs(flags, runtime.env);
  const name = String(parameters[0]);
  const names = isInstallable(name) || isPath(name) ? [] : [name];
  const subject = await withRegistries({ inputs, names, runtime }, (context) => describeSubject(name, inputs, context));
  const text = await sbomOf(format, subject);
  return { text: text.trimEnd(), json: JSON.parse(text) };
};
export {
  runSbom
};
