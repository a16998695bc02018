import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  readInputs
} from "./chunk-NE4SOM3F.mjs";
import {
  actions,
  findEngine
} from "./chunk-EBGEFPCK.mjs";
import "./chunk-OCGP4XKA.mjs";
import "./chunk-J7U6EBDR.mjs";
import "./chunk-Z3GD44TH.mjs";
import "./chunk-6VTBT656.mjs";
import "./chunk-XT6ZB4E3.mjs";
import "./chunk-UG2PQGPY.mjs";
import "./chunk-774DSHY7.mjs";
import "./chunk-Y3Z26UDF.mjs";
import "./chunk-UJE5FAFK.mjs";
import "./chunk-M2DBWDXZ.mjs";
import "./chunk-MN3HYUIB.mjs";
import "./chunk-6XKJIXUR.mjs";
import "./chunk-PL6G2CPL.mjs";
import "./chunk-DF6COW7E.mjs";
import "./chunk-PVOA4AKO.mjs";
import "./chunk-E5W3UIGR.mjs";
import "./chunk-KU7U2D3K.mjs";
import "./chunk-ZUR3OPYL.mjs";
import "./chunk-AYPBORWQ.mjs";
import "./chunk-TGNEHMSQ.mjs";
import "./chunk-JV3OK7I5.mjs";
import "./chunk-RQQGAJIZ.mjs";
import "./chunk-CLCW7DB6.mjs";
import "./chunk-KOXRFBVW.mjs";
import "./chunk-IOJJJYGX.mjs";
import "./chunk-S73ABKVA.mjs";
import {
  startFailure
} from "./chunk-TJDMYOEP.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-2HYXA4RO.mjs";
import "./chunk-RPKNR373.mjs";
import "./chunk-VQ2EZHGI.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-LZSYUQMR.mjs";
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
