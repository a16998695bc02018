import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  hasImages,
  metadataOutputs,
  parseImages,
  sizeOf
} from "./chunk-PFKLKKZL.mjs";
import {
  collectRarely,
  inputTable,
  readCheckout,
  terminalContext
} from "./chunk-7BUEJNM4.mjs";
import {
  formatReference
} from "./chunk-C25C3PWN.mjs";
import {
  formatSize,
  parseArgs
} from "./chunk-MAGKRFWX.mjs";
import "./chunk-IHLVDD7N.mjs";
import {
  Failure,
  messageOf
} from "./chunk-IQWQOVRW.mjs";
import "./chunk-MPN7ELPR.mjs";

// src/cli.ts
import { rmSync } from "node:fs";

// src/hosts/terminal.ts
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
async function openTerminal() {
  const env = { ...process.env };
  const directory = process.cwd();
  const reading = readCheckout(directory, env);
  const temporary = mkdtempSync(join(tmpdir(), "nix-image-"));
  return {
    log: createTerminalLog(),
    env,
    directory,
    temporary,
    createDirectory: async () => mkdtempSync(join(tmpdir(), "nix-image-output-")),
    context: { ...terminalContext(await reading), isTrusted: true },
    resolve: (path) => resolve(directory, path),
    now: Date.now,
    isDisposable: false,
    addPath(path) {
      env.PATH = `${path}:${env.PATH ?? ""}`;
    },
    exportVariable(name, value) {
      env[name] = value;
    }
  };
}
function createTerminalLog() {
  const secrets = /* @__PURE__ */ new Set();
  const { isTTY } = process.stderr;
  const print = (text) => {
    let shown = text;
    for (const secret of secrets) shown = shown.replaceAll(secret, "***");
    process.stderr.write(`${shown}
`);
  };
  return {
    info: (text) => print(`  ${text.replaceAll("\n", "\n  ")}`),
    notice: (text) => print(`  note: ${text}`),
    warning: (text) => print(`  warning: ${text}`),
    debug: () => {
    },
    async group(name, body) {
      print(isTTY ? `\x1B[1m${name}\x1B[0m` : name);
      return body();
    },
    secret: (value) => {
      if (value !== "") secrets.add(value);
    }
  };
}

// src/report/table.ts
function tableOf({ images }) {
  return images.map(imageTable).join("\n\n");
}
function imageTable({ name, root, references, variants, pushed, uploadedBytes }) {
  const [variant] = variants;
  const facts = [
    ...name === void 0 ? [] : [["name", name]],
    ...references.map((reference, i) => [i === 0 ? "image" : "", formatReference(reference)]),
    ["digest", root.digest],
    ...variant === void 0 || variants.length > 1 ? [] : variantFacts(variant),
    ["uploaded", pushed ? formatSize(uploadedBytes) : "nothing: not pushed"]
  ];
  const blocks = variants.map(
    (one) => variants.length === 1 ? details(one) : ["", ...columns([["manifest", one.manifest.digest], ...variantFacts(one)]), ...details(one)]
  );
  return [...columns(facts), ...blocks.flat()].join("\n");
}
function variantFacts({ configDigest, platform, created, layers }) {
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
    ...columns(Object.entries(labels).map(([key, value]) => ["", key, JSON.stringify(value).slice(1, -1)])),
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
    "Does what the action does; the command is its mode. A flag of kind LIST may be given many times; --no-NAME turns a flag",
    "without a value off.",
    "",
    ...flags,
    `${"  --help".padEnd(descriptionColumn)}Show this text`,
    "",
    `The password is read from ${secretVariables.password}, the GitHub token from ${secretVariables["github-token"]},`,
    `the key that signs what goes to a binary cache from ${secretVariables["cache-signing-key"]}.`
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
  return "deleted" in result ? result.deleted.join("\n") : metadataOutputs(result.metadata).json ?? "";
}
async function main(args) {
  collectRarely();
  const opening = openTerminal();
  const { stories } = await import("./chunk-XY5TG2QQ.mjs");
  const host = await opening;
  const cleanUp = () => rmSync(host.temporary, { recursive: true, force: true });
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      cleanUp();
      process.exit(1);
    });
  }
  try {
    process.stdout.write(`${await runCommand(args, stories, host)}
`);
  } finally {
    cleanUp();
  }
}
async function exit() {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise((done) => stream.write("", done));
  }
  process.exit();
}
async function runCommand([command, ...args], stories, host) {
  const commands = Object.keys(stories);
  if (command === "--help" || args.includes("--help")) return helpText(commands);
  if (command === void 0 || !commands.includes(command)) {
    throw new Failure(`Cannot run "${command ?? ""}": the commands are ${commands.join(", ")}. See --help.`);
  }
  const flags = readFlags(args);
  const images = parseImages((name) => name === "mode" ? command : readInput(name, flags));
  return textOf(await stories[images[0].mode](images, host));
}
try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${messageOf(error)}
`);
  if (!(error instanceof Failure) && error instanceof Error) process.stderr.write(`${error.stack}
`);
  process.exitCode = 1;
}
await exit();
