import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  readInputs
} from "./chunk-C4D2PEKK.mjs";
import {
  actions,
  findEngine
} from "./chunk-CKBPJTV2.mjs";
import "./chunk-IOZ3MWTG.mjs";
import "./chunk-3IUSSWCM.mjs";
import "./chunk-RYIA4I2P.mjs";
import "./chunk-CSFUBRYR.mjs";
import "./chunk-XT6ZB4E3.mjs";
import "./chunk-2HYXA4RO.mjs";
import "./chunk-RPKNR373.mjs";
import "./chunk-VQ2EZHGI.mjs";
import "./chunk-QCYXSELO.mjs";
import "./chunk-Y3MSOP5S.mjs";
import "./chunk-MKN636YS.mjs";
import "./chunk-WZK37R4F.mjs";
import "./chunk-P4XQSC25.mjs";
import "./chunk-4NTFS73P.mjs";
import "./chunk-6XKJIXUR.mjs";
import "./chunk-WZDBDURB.mjs";
import "./chunk-3EZMRUO6.mjs";
import "./chunk-OZSFGEJA.mjs";
import "./chunk-HBQZMXVE.mjs";
import "./chunk-GNJFZKSP.mjs";
import "./chunk-TMXNPKEU.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-367ITKDM.mjs";
import "./chunk-HSNXDN4F.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-JV3OK7I5.mjs";
import "./chunk-RQQGAJIZ.mjs";
import "./chunk-67N6NFLF.mjs";
import "./chunk-KOXRFBVW.mjs";
import "./chunk-LPQ76Q4D.mjs";
import "./chunk-S73ABKVA.mjs";
import {
  startFailure
} from "./chunk-TJDMYOEP.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-SMBMXYWF.mjs";
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
