import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  readInputs
} from "./chunk-YQRY6PYA.mjs";
import {
  actions,
  findEngine
} from "./chunk-GR2Y75WC.mjs";
import "./chunk-4D7CEC3M.mjs";
import "./chunk-CYB4L7XX.mjs";
import "./chunk-WKV5GGVD.mjs";
import "./chunk-3Y44LDC5.mjs";
import "./chunk-2WX7X74Z.mjs";
import "./chunk-LZ4Q3MM3.mjs";
import "./chunk-7NQ5JIBW.mjs";
import "./chunk-KHDMYFLA.mjs";
import "./chunk-26MOZYYU.mjs";
import "./chunk-2ZAGE6CE.mjs";
import "./chunk-ZHPDOGFP.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-F6TB5S6D.mjs";
import "./chunk-I6KOPCOT.mjs";
import "./chunk-REXRYIA7.mjs";
import "./chunk-RNG2A6P6.mjs";
import "./chunk-RQQGAJIZ.mjs";
import "./chunk-PG3CCCZV.mjs";
import "./chunk-ANYIBTUE.mjs";
import "./chunk-KE3VB7AW.mjs";
import {
  startFailure
} from "./chunk-MEXKEPMQ.mjs";
import "./chunk-R3JF3YFP.mjs";
import "./chunk-MGSFRYDV.mjs";
import "./chunk-ROPKUCAE.mjs";
import "./chunk-G5OCPV4E.mjs";
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

// src/commands/run-container.ts
import { createHash } from "node:crypto";

// src/runtimes/run-in-foreground.ts
import { spawn } from "node:child_process";
import { constants } from "node:os";
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
