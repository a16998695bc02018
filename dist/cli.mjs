import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  describe,
  metadataOutputs,
  run,
  sizeOf
} from "./chunk-TL4VOGIX.mjs";
import {
  Failure,
  formatReference,
  formatSize,
  inputTable,
  messageOf,
  parseInputs,
  readCheckout,
  terminalContext
} from "./chunk-KBOYRUWV.mjs";
import "./chunk-TMU5TD52.mjs";

// src/cli.ts
import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";

// src/hosts/terminal.ts
import { createWriteStream } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
async function openTerminal() {
  const env = { ...process.env };
  const directory = process.cwd();
  const temporary = await mkdtemp(join(tmpdir(), "nix-image-"));
  return {
    log: createTerminalLog(),
    env,
    directory,
    temporary,
    context: { ...terminalContext(await readCheckout(directory, env)), isTrusted: true },
    resolve: (path) => resolve(directory, path),
    now: Date.now,
    download: (url) => download(url, join(temporary, "download")),
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
async function download(url, file) {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Failure(`Cannot download ${url}: HTTP ${response.status}.`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(file));
  return file;
}

// src/report/table.ts
function tableOf(result) {
  const { manifest, configDigest, references, layers, labels } = result;
  const facts = [
    ...references.map((reference, i) => [i === 0 ? "image" : "", formatReference(reference)]),
    ["digest", manifest.digest],
    ["image id", configDigest],
    ["platform", result.platform],
    ["created", result.created ?? "not set"],
    ["size", `${formatSize(sizeOf(result))} in ${layers.length} layers`],
    ["uploaded", result.pushed ? formatSize(result.uploadedBytes) : "nothing: not pushed"]
  ];
  const layerRows = layers.map(({ descriptor, state }) => [descriptor.digest, formatSize(descriptor.size), state]);
  return [
    ...columns(facts),
    "",
    "labels",
    ...columns(Object.entries(labels).map(([key, value]) => ["", key, JSON.stringify(value).slice(1, -1)])),
    "",
    "layers",
    ...columns(layerRows.map((row) => ["", ...row]))
  ].join("\n");
}
function columns(rows2) {
  const widths = (rows2[0] ?? []).map((_, column) => Math.max(...rows2.map((row) => (row[column] ?? "").length)));
  return rows2.map(
    (row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  );
}

// src/cli.ts
var secretVariables = { password: "REGISTRY_PASSWORD", "github-token": "GITHUB_TOKEN" };
var rows = Object.entries(inputTable);
function helpText() {
  const flags = rows.filter(([, { kind }]) => kind !== "secret").map(
    ([name, { kind, description }]) => `  --${kind === "flag" ? name : `${name} ${kind.toUpperCase()}`}`.padEnd(30) + description
  );
  return [
    "Usage: nix-image build [FLAGS]",
    "",
    "Builds, labels and pushes an image as the action does. A flag of kind LIST may be given many times.",
    "",
    ...flags,
    `${"  --help".padEnd(30)}Show this text`,
    "",
    `The password is read from ${secretVariables.password}, the GitHub token from ${secretVariables["github-token"]}.`
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
    return parseArgs({ args: [...args], options, allowPositionals: false }).values;
  } catch (cause) {
    throw new Failure(`Cannot read the command line: ${messageOf(cause)} See --help.`, { cause });
  }
}
function readInput(name, flags) {
  if (name === "password" || name === "github-token") return process.env[secretVariables[name]] ?? "";
  const value = flags[name] ?? "";
  return Array.isArray(value) ? value.join("\n") : String(value);
}
async function main([command, ...args]) {
  if (command === "--help" || args.includes("--help")) {
    process.stdout.write(`${helpText()}
`);
    return;
  }
  if (command !== "build") throw new Failure(`Cannot run "${command ?? ""}": the command is build. See --help.`);
  const flags = readFlags(args);
  const inputs = parseInputs((name) => readInput(name, flags));
  const host = await openTerminal();
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      rmSync(host.temporary, { recursive: true, force: true });
      process.exit(1);
    });
  }
  try {
    const text = inputs.mode === "metadata" ? metadataOutputs((await describe(inputs, host)).metadata).json : tableOf(await run(inputs, host));
    process.stdout.write(`${text}
`);
  } finally {
    await rm(host.temporary, { recursive: true, force: true });
  }
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
