import {
  explanationMap
} from "./chunk-GVLXK7LG.mjs";
import {
  columns
} from "./chunk-OM2DSOLJ.mjs";
import {
  readInputs
} from "./chunk-QB7XZMR7.mjs";
import {
  inspectLayers,
  withRegistries
} from "./chunk-VGFZXKJJ.mjs";
import "./chunk-J3WADLHT.mjs";
import {
  buildImages,
  openSources
} from "./chunk-YZKW6YE4.mjs";
import "./chunk-CF4VPEFD.mjs";
import "./chunk-FDAA2TLC.mjs";
import {
  readClosure
} from "./chunk-INTXPZ6B.mjs";
import "./chunk-BCOIIFZD.mjs";
import "./chunk-XL7E7YGZ.mjs";
import "./chunk-RCHAHIEV.mjs";
import "./chunk-3DOYXRXT.mjs";
import "./chunk-JYQXIE4E.mjs";
import "./chunk-KDJ5XFQM.mjs";
import "./chunk-7IH7JYJA.mjs";
import "./chunk-6OHNNCAZ.mjs";
import "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import {
  writeHtml
} from "./chunk-QG475AWI.mjs";
import "./chunk-4GYQYVDP.mjs";
import "./chunk-25LIPGGA.mjs";
import {
  isStorePath,
  parsePackageName,
  storePathName
} from "./chunk-XBGOFGJP.mjs";
import "./chunk-HEI324TL.mjs";
import {
  Failure,
  formatSize,
  isObject
} from "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/inspect/explain-closure.ts
function explainClosure(closure, applications) {
  const users = usersOf(closure);
  const order = usersFirst(closure);
  const keepers = keepersOf(order, users);
  const before = pathsBefore(closure, [applications, order.filter((path) => users.get(path)?.length === 0)]);
  const kept = new Map(order.map((path) => [path, closure.get(path)?.narSize ?? 0]));
  for (const path of order.toReversed()) {
    const keeper = keepers.get(path);
    if (keeper !== void 0) kept.set(keeper, (kept.get(keeper) ?? 0) + (kept.get(path) ?? 0));
  }
  return order.map((path) => ({
    path,
    own: closure.get(path)?.narSize ?? 0,
    kept: kept.get(path) ?? 0,
    keeper: keepers.get(path),
    before: before.get(path),
    users: users.get(path) ?? []
  })).sort((a, b) => b.kept - a.kept || (a.path < b.path ? -1 : 1));
}
function referencesOf(closure, path) {
  return (closure.get(path)?.references ?? []).filter((reference) => reference !== path && closure.has(reference));
}
function usersOf(closure) {
  const users = new Map([...closure.keys()].map((path) => [path, []]));
  for (const path of closure.keys()) {
    for (const reference of referencesOf(closure, path)) users.get(reference)?.push(path);
  }
  return users;
}
function usersFirst(closure) {
  const done = /* @__PURE__ */ new Set();
  const reversed = [];
  for (const start of closure.keys()) {
    const open = [{ path: start, left: referencesOf(closure, start) }];
    if (done.has(start)) continue;
    done.add(start);
    for (let top = open.at(-1); top !== void 0; top = open.at(-1)) {
      const next = top.left.pop();
      if (next === void 0) reversed.push(open.pop().path);
      else if (!done.has(next)) {
        done.add(next);
        open.push({ path: next, left: referencesOf(closure, next) });
      }
    }
  }
  return reversed.reverse();
}
function keepersOf(order, users) {
  const keepers = /* @__PURE__ */ new Map();
  const depths = /* @__PURE__ */ new Map();
  const depthOf = (path) => path === void 0 ? 0 : depths.get(path) ?? 0;
  const closest = (a, b) => {
    let [one, other] = [a, b];
    while (one !== other) {
      if (depthOf(one) >= depthOf(other)) one = one === void 0 ? void 0 : keepers.get(one);
      else other = other === void 0 ? void 0 : keepers.get(other);
    }
    return one;
  };
  for (const path of order) {
    const [first, ...others] = users.get(path) ?? [];
    const keeper = others.reduce(closest, first);
    keepers.set(path, keeper);
    depths.set(path, depthOf(keeper) + 1);
  }
  return keepers;
}
function pathsBefore(closure, starts) {
  const before = /* @__PURE__ */ new Map();
  for (const some of starts) {
    const queue = some.filter((path) => closure.has(path) && !before.has(path));
    for (const path of queue) before.set(path, void 0);
    for (const path of queue) {
      for (const reference of referencesOf(closure, path)) {
        if (before.has(reference)) continue;
        before.set(reference, path);
        queue.push(reference);
      }
    }
  }
  return before;
}
function routeTo({ path, before: previous }, paths) {
  const before = new Map(paths.map((one) => [one.path, one.before]));
  const route = [path];
  for (let at = previous; at !== void 0; at = before.get(at)) route.push(at);
  return route.reverse();
}

// src/inspect/suggest-savings.ts
var compilers = /^(?:gcc(?:-wrapper)?|clang(?:-wrapper)?|llvm|rustc(?:-wrapper)?|cargo|go|ghc|binutils(?:-wrapper)?|cmake|gnumake|openjdk|zig)$/;
var rules = [
  {
    kind: "development files",
    isMatch: (name) => name.endsWith("-dev"),
    advice: "Refer to the output without headers (lib.getLib), or remove the reference (removeReferencesTo)."
  },
  {
    kind: "documentation",
    isMatch: (name) => /-(?:doc|man|info|devdoc)$/.test(name),
    advice: "Leave the documentation out: name the outputs that you need, or set meta.outputsToInstall."
  },
  {
    kind: "compiler",
    isMatch: (name) => compilers.test(parsePackageName(name).name) && !/-(?:lib|libgcc)$/.test(name),
    advice: "Programs rarely need it at run time: move it to nativeBuildInputs, or remove the reference (removeReferencesTo)."
  }
];
function suggestSavings(paths) {
  const byRule = rules.flatMap(
    ({ kind, isMatch, advice }) => paths.filter(({ path }) => isMatch(storePathName(path))).map(({ path, kept, users }) => ({ kind, paths: [path], bytes: kept, users, advice }))
  );
  return [...byRule, ...severalVersions(paths)].sort((a, b) => b.bytes - a.bytes);
}
function severalVersions(paths) {
  const keepers = new Map(paths.map(({ path, keeper }) => [path, keeper]));
  const groups = /* @__PURE__ */ new Map();
  for (const one of paths) {
    const { name, version } = parsePackageName(one.path);
    if (version === "") continue;
    const output = storePathName(one.path).slice(name.length + 1 + version.length);
    groups.set(`${name} ${output}`, [...groups.get(`${name} ${output}`) ?? [], one]);
  }
  return [...groups.values()].flatMap((group) => {
    const versions = new Set(group.map(({ path }) => parsePackageName(path).version));
    if (versions.size < 2) return [];
    const others = group.toSorted((a, b) => b.kept - a.kept).slice(1);
    return [
      {
        kind: "several versions",
        paths: others.map(({ path }) => path),
        bytes: keptBy(others, keepers),
        users: [...new Set(others.flatMap(({ users }) => users))],
        advice: `Use one version everywhere (an overlay, or "follows" for flake inputs). There are ${[...versions].sort().join(", ")}.`
      }
    ];
  });
}
function keptBy(paths, keepers) {
  const names = new Set(paths.map(({ path }) => path));
  const isKept = ({ path }) => {
    for (let at = keepers.get(path); at !== void 0; at = keepers.get(at)) if (names.has(at)) return true;
    return false;
  };
  return paths.filter((one) => !isKept(one)).reduce((sum, { kept }) => sum + kept, 0);
}

// src/report/explanation.ts
function explanationOf(name, paths) {
  return { name, paths, size: paths.reduce((sum, { own }) => sum + own, 0), savings: suggestSavings(paths) };
}
var mostRows = 20;
function explanationText({ name, paths, size, savings }, width) {
  const rows = paths.slice(0, mostRows).map((one) => [
    storePathName(one.path),
    formatSize(one.own),
    formatSize(one.kept),
    routeTo(one, paths).map(storePathName).join(" \u2192 ")
  ]);
  const rest = paths.length - rows.length;
  return [
    `${name}: ${formatSize(size)} in ${paths.length} store paths, unpacked`,
    "",
    ...columns([["store path", "own", "keeps", "shortest way from the application"], ...rows], { width, flexible: 3 }),
    ...rest > 0 ? [`and ${rest} more (see --json, or name a package)`] : [],
    "",
    '"keeps" is the size of a store path and of all that is in the image only because of it.',
    "",
    ...savingRows(savings)
  ].join("\n");
}
function savingRows(savings) {
  if (savings.length === 0) return ["No development files, documentation, compilers or second versions were found."];
  return [
    "What could go",
    ...savings.flatMap(({ kind, paths, bytes, users, advice }) => [
      `  ${formatSize(bytes)}  ${kind}: ${paths.map(storePathName).join(", ")}`,
      `    used by ${listOf(users)}. ${advice}`
    ])
  ];
}
function listOf(paths) {
  const names = paths.slice(0, 5).map(storePathName).join(", ");
  if (names === "") return "the image itself";
  return paths.length > 5 ? `${names} and ${paths.length - 5} more` : names;
}
function packageText({ name, paths }, wanted) {
  const found = paths.filter(({ path }) => [path, storePathName(path), parsePackageName(path).name].includes(wanted));
  if (found.length === 0) {
    const names = paths.map(({ path }) => parsePackageName(path).name).filter((one) => one.includes(wanted));
    const similar = [...new Set(names)].slice(0, 5).join(", ");
    throw new Failure(
      `Cannot explain "${wanted}": ${name} has no such package. ${similar === "" ? "Call explain without it to see what is there." : `It has ${similar}.`}`
    );
  }
  return found.map((one) => {
    const keeps = paths.filter(({ keeper }) => keeper === one.path);
    return [
      ...columns([
        ["store path", one.path],
        ["own size", formatSize(one.own)],
        [
          "keeps",
          `${formatSize(one.kept)}: itself, ${keeps.length === 0 ? "nothing else" : listOf(keeps.map(({ path }) => path))}`
        ],
        ["used by", listOf(one.users)]
      ]),
      "shortest way",
      ...routeTo(one, paths).map((path, i) => `  ${"  ".repeat(i)}${storePathName(path)}`)
    ].join("\n");
  }).join("\n\n");
}
function explanationJson({ name, paths, size, savings }) {
  return { name, size, "store-paths": paths, savings };
}

// src/stages/open/explain-image.ts
async function explainImage(inputs, context) {
  const { log } = context.runtime;
  const built = await buildImages([inputs], context.runtime);
  const [[one] = []] = built.images;
  return log.group("Image", async () => {
    const [[source] = []] = await openSources([inputs], built, context);
    if (one?.nix === void 0 || source === void 0) {
      throw new Failure("Cannot explain the image: there is no Nix, which knows why its store paths are there.");
    }
    const paths = await pathsOf(source.image, context);
    if (paths.size === 0) throw new Failure(`Cannot explain ${one.path}: the image has no store paths of Nix.`);
    const closure = await readClosure(one.nix, [...paths]);
    const inImage = new Map([...closure].filter(([path]) => paths.has(path)));
    return explainClosure(inImage, [...applicationsOf(source.image.config), one.path]);
  });
}
async function pathsOf(image, context) {
  const named = image.layers.flatMap(({ contents }) => contents?.paths ?? []);
  const found = named.length > 0 ? named : (await inspectLayers(image, context)).layers.flatMap((layer) => layer.contents.paths);
  return new Set(found.map(({ path }) => path));
}
function applicationsOf({ json: { config } }) {
  const { Entrypoint, Cmd } = isObject(config) ? config : {};
  const words = [Entrypoint, Cmd].flatMap((value) => Array.isArray(value) ? value.map(String) : []);
  return words.map((word) => word.split("/").slice(0, 4).join("/")).filter((path) => isStorePath(path));
}

// src/commands/run-explain.ts
var runExplain = async ({ flags, parameters, width }, runtime) => {
  const [installable, wanted] = parameters;
  const inputs = readInputs({ ...flags, installable }, runtime.env);
  const paths = await withRegistries({ inputs, names: [], runtime }, (context) => explainImage(inputs, context));
  const explanation = explanationOf(installable, paths);
  const page = () => ({
    title: installable,
    caption: "Each store path holds what is in the image only because of it, by unpacked size.",
    map: explanationMap(explanation),
    text: explanationText(explanation, void 0)
  });
  await writeHtml(flags, page, runtime);
  const text = wanted === void 0 ? explanationText(explanation, width) : packageText(explanation, wanted);
  return { text, json: explanationJson(explanation) };
};
export {
  runExplain
};
