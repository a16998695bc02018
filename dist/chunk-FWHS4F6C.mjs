import {
  features,
  targetArguments
} from "./chunk-INTXPZ6B.mjs";

// src/nix/derivation.ts
var withoutImports = [
  ...["--option", "allow-import-from-derivation", "false"],
  ...["--option", "eval-cache", "false"]
];
async function readDerivation(nix, inputs, runtime) {
  const args = ["path-info", ...features, "--derivation", ...targetArguments(inputs)];
  const { code, stdout, stderr } = await nix.exec(nix.program, args, { env: nix.env, cwd: runtime.directory });
  if (code === 0 && /^\S+\.drv\n$/.test(stdout)) return stdout.trim();
  runtime.log.debug(`No derivation: ${stderr.trim()}`);
  return void 0;
}

export {
  withoutImports,
  readDerivation
};
