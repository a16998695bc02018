#!/usr/bin/env node
const { readFileSync, rmSync } = globalThis.process.getBuiltinModule("node:fs");
import {
  UsageError,
  commandTable,
  jsonText,
  openTerminal,
  parseCommandLine,
  printHelp,
  printResult,
  reportFailure,
  secretVariables
} from "./chunk-QG475AWI.mjs";
import {
  addSecret,
  secretsInUrls
} from "./chunk-UH7NESJ6.mjs";
import {
  tuneGarbageCollection
} from "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/cli.ts
function readVersion() {
  return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
}
var gitlabSecrets = ["CI_REGISTRY_PASSWORD", "CI_JOB_TOKEN"];
async function main(args) {
  for (const secret of secretsInUrls(args.join("\n"))) addSecret(secret);
  const line = parseCommandLine(args, { commands: commandTable, version: readVersion() });
  if (line.kind === "text") return printHelp(line.text);
  const {
    text,
    json,
    exitCode = 0
  } = await run(line.command, { ...line.call, width: process.stdout.isTTY ? process.stdout.columns : void 0 });
  const result = line.call.flags.json === true ? jsonText(json) : text;
  if (result !== "") printResult(result);
  process.exitCode = exitCode;
}
async function run(command, call) {
  tuneGarbageCollection();
  const opening = openTerminal(verbosityOf(call));
  const action = await command.load();
  const runtime = await opening;
  try {
    return await action(call, runtime);
  } finally {
    rmSync(runtime.temporary, { recursive: true, force: true });
  }
}
function verbosityOf({ flags }) {
  if (flags.quiet === true) return "quiet";
  return flags.verbose === true ? "verbose" : "normal";
}
function fail(error) {
  reportFailure(error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
async function exit() {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise((done) => stream.write("", done));
  }
  process.exit();
}
for (const name of [...Object.values(secretVariables), ...gitlabSecrets]) addSecret(process.env[name]?.trim() ?? "");
process.on("uncaughtException", (error) => {
  fail(error);
  process.exit();
});
try {
  await main(process.argv.slice(2));
} catch (error) {
  fail(error);
}
await exit();
