#!/usr/bin/env node
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  hasImages,
  metadataOutputs,
  sizeOf
} from "./chunk-EPWVNASV.mjs";
import "./chunk-C6H2LYCW.mjs";
import {
  homeOf,
  inputTable,
  listenForCancellation,
  makeTemporary,
  openCheckout,
  openTemporary,
  parseImages,
  removeAbandoned,
  safeGitEnv,
  terminalContext,
  tuneGarbageCollection
} from "./chunk-RQKKFK6S.mjs";
import {
  escapeControls,
  formatReference,
  formatSize,
  parseArgs,
  printable,
  runProgram,
  secretsInUrls
} from "./chunk-QJY2LTPM.mjs";
import "./chunk-MTZ6CDKL.mjs";
import "./chunk-Z6I6B3TS.mjs";
import {
  inBackground
} from "./chunk-R6VUWMYB.mjs";
import {
  Failure,
  messageOf,
  stackOf
} from "./chunk-32ADV6HS.mjs";
import "./chunk-MPN7ELPR.mjs";

// src/cli.ts
import { rmSync as rmSync2 } from "node:fs";

// src/report/table.ts
function tableOf({ images }) {
  return images.map(imageTable).join("\n\n");
}
function imageTable({ name, root, references, platforms, pushed, uploadedBytes }) {
  const [first] = platforms;
  const facts = [
    ...name === void 0 ? [] : [["name", name]],
    ...references.map((reference, i) => [i === 0 ? "image" : "", formatReference(reference)]),
    ["digest", root.digest],
    ...first === void 0 || platforms.length > 1 ? [] : platformFacts(first),
    ["uploaded", pushed ? formatSize(uploadedBytes) : "nothing (not pushed)"]
  ];
  const blocks = platforms.map(
    (one) => platforms.length === 1 ? details(one) : ["", ...columns([["manifest", one.manifest.digest], ...platformFacts(one)]), ...details(one)]
  );
  return [...columns(facts), ...blocks.flat()].join("\n");
}
function platformFacts({ configDigest, platform, created, layers }) {
  return [
    ["image id", configDigest],
    ["platform", platform],
    ["created", created ?? "not set"],
    ["size", `${formatSize(sizeOf({ layers }))} in ${layers.length} layers`]
  ];
}
function details({ labels, layers }) {
  const layerRows = layers.map(({ descriptor, state }) => [descriptor.digest, formatSize(descriptor.size), state]);
  return [
    "",
    "labels",
    ...columns(
      Object.entries(labels).map((pair) => [
        "",
        ...pair.map((text) => escapeControls(text.replaceAll(/\r?\n|\r/g, "\\n")))
      ])
    ),
    "",
    "layers",
    ...columns(layerRows.map((row) => ["", ...row]))
  ];
}
function columns(rows2) {
  const widths = (rows2[0] ?? []).map((_, column) => Math.max(...rows2.map((row) => (row[column] ?? "").length)));
  return rows2.map(
    (row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  );
}

// src/runtimes/terminal.ts
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";

// src/runtimes/terminal-log.ts
var secrets = /* @__PURE__ */ new Set();
function shown(text) {
  let masked = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) masked = masked.replaceAll(secret, "***");
  return printable(masked);
}
function print(text) {
  process.stderr.write(`${text}
`);
}
var terminalLog = {
  info: (text) => print(`  ${shown(text).replaceAll("\n", "\n  ")}`),
  notice: (text) => print(`  note: ${shown(text)}`),
  warning: (text) => print(`  warning: ${shown(text)}`),
  debug: () => {
  },
  async group(name, body) {
    print(process.stderr.isTTY ? `\x1B[1m${shown(name)}\x1B[0m` : shown(name));
    return body();
  },
  secret: (value) => {
    if (value !== "") secrets.add(value);
  }
};
function printResult(text) {
  process.stdout.write(`${shown(text)}
`);
}
function failCommand(error) {
  print(`error: ${shown(messageOf(error))}`);
  const stack = stackOf(error);
  if (stack !== void 0) print(shown(stack));
  process.exitCode = 1;
}

// src/runtimes/terminal.ts
async function openTerminal() {
  const env = { ...process.env };
  const directory = process.cwd();
  const temporary = openTemporary(tmpdir(), "TMPDIR");
  inBackground(removeAbandoned(tmpdir()));
  env.HOME = homeOf(env) ?? temporary;
  const opening = openCheckout(directory, { env, temporary, searchesAbove: true });
  const cancellation = listenForCancellation(() => rmSync(temporary, { recursive: true, force: true }));
  const { checkout, changedFiles } = await opening;
  return {
    log: terminalLog,
    env,
    exec: runProgram,
    gitEnv: safeGitEnv(env),
    directory,
    temporary,
    createDirectory: async () => makeTemporary(tmpdir(), "nix-image-output-", "TMPDIR"),
    context: { ...terminalContext(checkout), isTrusted: true },
    changedFiles,
    resolve: (path) => resolve(directory, path),
    now: Date.now,
    isDisposable: false,
    ...cancellation,
    addPath(path) {
      env.PATH = `${path}:${env.PATH ?? ""}`;
    },
    exportVariable(name, value) {
      env[name] = value;
    }
  };
}

// src/cli.ts
var secretVariables = {
  password: "REGISTRY_PASSWORD",
  "github-token": "GITHUB_TOKEN",
  "cache-signing-key": "CACHE_SIGNING_KEY"
};
var rows = Object.entries(inputTable).filter(
  ([name]) => name !== "mode"
);
var descriptionColumn = 32;
function helpText(commands) {
  const flags = rows.filter(([, { kind }]) => kind !== "secret").map(
    ([name, { kind, description }]) => `  --${kind === "flag" ? name : `${name} ${kind.toUpperCase()}`}`.padEnd(descriptionColumn) + description
  );
  return [
    `Usage: nix-image ${commands.join("|")} [FLAGS]`,
    "",
    "Runs the action on this machine: build is the root action, the other commands are the sub-actions. A LIST flag may be",
    "repeated; --no-NAME turns off a flag without a value.",
    "",
    ...flags,
    `${"  --help".padEnd(descriptionColumn)}Show this text`,
    "",
    `Secrets come from environment variables: the registry password from ${secretVariables.password}, the GitHub token from`,
    `${secretVariables["github-token"]}, the secret key of a binary cache from ${secretVariables["cache-signing-key"]}.`
  ].join("\n");
}
function readFlags(args) {
  const options = Object.fromEntries(
    rows.filter(([, { kind }]) => kind !== "secret").map(([name, { kind }]) => [
      name,
      { type: kind === "flag" ? "boolean" : "string", multiple: kind === "list" }
    ])
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, allowNegative: true }).values;
  } catch (cause) {
    throw new Failure(`Cannot read the command line: ${messageOf(cause)} See --help.`, { cause });
  }
}
function readInput(name, flags) {
  if (name === "password" || name === "github-token" || name === "cache-signing-key") {
    return process.env[secretVariables[name]] ?? "";
  }
  const value = flags[name] ?? "";
  return Array.isArray(value) ? value.join("\n") : String(value);
}
function textOf(result) {
  if (hasImages(result)) return tableOf(result);
  if ("deleted" in result) return result.deleted.join("\n");
  return escapeControls(metadataOutputs(result.metadata).json ?? "").replaceAll("##[", "#\\u0023[");
}
async function main(args) {
  tuneGarbageCollection();
  const opening = openTerminal();
  const { actions } = await import("./chunk-BQGCE6SI.mjs");
  const runtime = await opening;
  try {
    printResult(await runCommand(args, actions, runtime));
  } finally {
    rmSync2(runtime.temporary, { recursive: true, force: true });
  }
}
async function exit() {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise((done) => stream.write("", done));
  }
  process.exit();
}
async function runCommand([command, ...args], actions, runtime) {
  const commands = Object.keys(actions);
  if (command === "--help" || args.includes("--help")) return helpText(commands);
  if (command === void 0 || !commands.includes(command)) {
    throw new Failure(`Cannot run "${command ?? ""}": the commands are ${commands.join(", ")}. See --help.`);
  }
  for (const secret of secretsInUrls(args.join("\n"))) runtime.log.secret(secret);
  const flags = readFlags(args);
  const images = parseImages((name) => name === "mode" ? command : readInput(name, flags));
  return textOf(await actions[images[0].mode](images, runtime));
}
for (const name of Object.values(secretVariables)) terminalLog.secret(process.env[name]?.trim() ?? "");
process.on("uncaughtException", (error) => {
  failCommand(error);
  process.exit();
});
try {
  await main(process.argv.slice(2));
} catch (error) {
  failCommand(error);
}
await exit();
