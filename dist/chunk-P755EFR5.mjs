const { createHash } = globalThis.process.getBuiltinModule("node:crypto");
const { spawn } = globalThis.process.getBuiltinModule("node:child_process");
const { constants } = globalThis.process.getBuiltinModule("node:os");
import {
  readInputs
} from "./chunk-QB7XZMR7.mjs";
import {
  actions,
  findEngine
} from "./chunk-QXXOMLBA.mjs";
import "./chunk-BCOIIFZD.mjs";
import "./chunk-DOBU3S46.mjs";
import "./chunk-XL7E7YGZ.mjs";
import "./chunk-RCHAHIEV.mjs";
import "./chunk-3DOYXRXT.mjs";
import "./chunk-JYQXIE4E.mjs";
import "./chunk-BZDVR7SU.mjs";
import "./chunk-ZWG43C65.mjs";
import "./chunk-KDJ5XFQM.mjs";
import "./chunk-7IH7JYJA.mjs";
import "./chunk-6OHNNCAZ.mjs";
import "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import "./chunk-QG475AWI.mjs";
import "./chunk-MAQ7ADOM.mjs";
import "./chunk-4GYQYVDP.mjs";
import "./chunk-25LIPGGA.mjs";
import "./chunk-XBGOFGJP.mjs";
import "./chunk-HEI324TL.mjs";
import {
  startFailure
} from "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/commands/run-container.ts

// src/runtimes/run-in-foreground.ts
var ofTerminal = ["SIGINT", "SIGQUIT"];
var signals = [...ofTerminal, "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];
async function runInForeground(program, args, { env, output }) {
  const isSentTwice = (signal) => process.stdin.isTTY && ofTerminal.includes(signal);
  for (const signal of signals) {
    process.removeAllListeners(signal);
    process.on(signal, () => isSentTwice(signal) || child.kill(signal));
  }
  const child = spawn(program, args, { stdio: ["inherit", output === "stdout" ? 1 : 2, 2], env });
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(startFailure(program, cause, {})));
    child.once("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}

// src/commands/run-container.ts
var runContainer = async ({ flags, parameters }, runtime) => {
  const [installable, args] = parameters;
  const engine = findEngine(runtime.env);
  const id = createHash("sha256").update(`${runtime.directory}
${installable}`).digest("hex").slice(0, 12);
  const tags = `localhost/nix-image-run:${id}`;
  const inputs = readInputs({ ...flags, installable, tags, load: true }, runtime.env);
  await actions.build([inputs], runtime);
  const terminal = process.stdin.isTTY && process.stdout.isTTY ? ["--tty"] : [];
  const exitCode = await runInForeground(engine, ["run", "--rm", "--interactive", ...terminal, tags, ...args], {
    env: runtime.env,
    output: flags.json === true ? "stderr" : "stdout"
  });
  return { text: "", json: { image: tags, engine, "exit-code": exitCode }, exitCode };
};
export {
  runContainer
};
