import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { storeDirectory, storeHash } from '../store-path.ts';

/**
 * Makes the sentence from the match and the directory of the checkout; undefined if the cure does not apply after all.
 */
type Cure = string | ((match: RegExpExecArray, directory: string) => string | undefined);

const lockCure =
  'The flake.lock is missing, out of date or not tracked by Git, so Nix chooses the versions of the inputs anew in each run. ' +
  'Run: nix flake lock && git add flake.lock, and commit it.';

const fileInSource = `'?"?${storeDirectory}/${storeHash}-source/([^'"\\n]{1,1000})['"]?`;

/** nixpkgs 25.11 changed the wording. */
const refusedPackage = `(?:Package ‘|Refusing to evaluate package ')([^’'\\n]{1,200})['’][^\\n]{0,1000}`;

/**
 * Messages of Nix, nixpkgs and builders, each with a cure. The first row that applies counts, so specific rows come
 * first.
 */
const rows: readonly (readonly [RegExp, Cure])[] = [
  [
    /Path '([^'\n]{1,1000})' in the repository "[^"\n]{0,1000}" is not tracked by Git/,
    ([, file = '']) => untracked(file),
  ],
  [
    // Nix before 2.28 does not know why the file is missing in its copy of the flake.
    new RegExp(`getting status of ${fileInSource}: No such file|path ${fileInSource} does not exist`),
    ([, older, newer], directory) => {
      const file = older ?? newer ?? '';
      return existsSync(join(directory, file)) ? missingInCopy(file) : undefined;
    },
  ],
  [
    new RegExp(`${refusedPackage} has an unfree license`),
    ([, name]) =>
      `The license of ${name} is unfree, and nixpkgs must be told that it is accepted: import nixpkgs with ` +
      '{ inherit system; config.allowUnfree = true; }, or set impure: true in this step and NIXPKGS_ALLOW_UNFREE: 1 in its env.',
  ],
  [
    new RegExp(`${refusedPackage} is marked as insecure`),
    ([, name]) =>
      `${name} has known vulnerabilities: use a newer version, or accept them by importing nixpkgs with ` +
      `{ inherit system; config.permittedInsecurePackages = [ "${name}" ]; }.`,
  ],
  [/requires lock file changes but they're not allowed|cannot write (?:modified )?lock file/, lockCure],
  [/^(?:creating|updating) lock file |^not writing modified lock file /, lockCure],
  [
    /NAR hash mismatch in input '([^'\n]{1,1000})'/,
    () =>
      'An input of the flake changed after it was locked. If that is expected, run: nix flake update, and commit flake.lock.',
  ],
  [
    /a '([\w-]{1,50})' with features \{[^}\n]{0,300}\} is required to build '[^'\n]{1,300}', but I am a '([\w-]{1,50})'/,
    wrongSystem,
  ],
  [/Required system: '([\w-]{1,50})'[^\n]{0,300}\n {0,20}Current system: '([\w-]{1,50})'/, wrongSystem],
  [
    /with features \{[^}\n]{0,300}\bkvm\b[^}\n]{0,300}\} is required|Required features: \{[^}\n]{0,300}\bkvm\b/,
    'The build starts a virtual machine (runAsRoot, runInLinuxVM) and needs KVM: use a runner with /dev/kvm that this user ' +
      'may open, or replace runAsRoot by fakeRootCommands or extraCommands, which need none.',
  ],
  [
    /with features \{([^}\n]{1,300})\} is required|Required features: \{([^}\n]{1,300})\}/,
    ([, older, newer]) =>
      `No machine offers the system features ${older ?? newer}: add them to system-features in nix-conf if this machine has them, or to a builder.`,
  ],
  [
    /API rate limit exceeded|HTTP error (?:403|429) \('rate limit exceeded'\)|github\.com[^'\n]*': HTTP error 429/,
    "GitHub's rate limit is reached: set github-token, since without a token it is 60 requests an hour for each address; with a token, wait and run again.",
  ],
  [
    /user namespaces are not enabled|unable to start build process|cloning builder process|does not support the kernel namespaces|(?:mounting|unsharing)[^\n]{0,200}: Operation not permitted/,
    'The kernel refuses the sandbox of Nix: put "sandbox = false" into nix-conf, or allow user namespaces on this machine (docs/toolchain.md, "Sandbox and KVM").',
  ],
  [
    /^builder of '[^\n]{1,1000} failed (?:with exit code 137|due to signal 9)|^nix exited with code (?:137|-1) /m,
    'The kernel probably ended it because memory ran out: put "max-jobs = 1" and "cores = 2" into nix-conf, add swap, or use a larger runner.',
  ],
  [
    /unable to download '([^'\n]{1,1000}\/(?:nix-cache-info|[0-9a-z]{32}\.narinfo|nar\/[^'\n]{1,300}))': (?!.{0,300}retrying in)/,
    ([, url = '']) =>
      `The binary cache ${originOf(url)} cannot be reached, so Nix builds itself what it has: check substituters in nix-conf, ` +
      'and the network or proxy of this machine.',
  ],
  [
    /unable to download '([^'\n]{1,1000})': (?:Could(?:n't| not) (?:connect|resolve)|Timeout|Failed to connect)(?!.{0,300}retrying in)/,
    ([, url = '']) =>
      `${originOf(url)} cannot be reached: check the address, and the network or proxy of this machine.`,
  ],
];

/** Lines of source that Nix shows around a position. */
const quotedSource = /^ {0,20}\d{0,9} {0,20}\|.*$/gm;

/** What to do about Nix's messages, in one sentence; undefined if no row applies. `directory` is the checkout. */
export function cureFor(text: string, directory: string): string | undefined {
  const end = text.replaceAll(quotedSource, '');
  for (const [pattern, cure] of rows) {
    const match = pattern.exec(end);
    if (match === null) continue;
    const sentence = typeof cure === 'string' ? cure : cure(match, directory);
    if (sentence !== undefined) return sentence;
  }
  return undefined;
}

/** A warning of Nix, followed by what to do about it if that is known. */
export function withCure(text: string, directory: string): string {
  const cure = cureFor(text, directory);
  return cure === undefined ? text : `${text}\n${cure}`;
}

/** Whether Nix, SQLite or a builder found the disk full. */
export function isDiskFull(text: string): boolean {
  return /No space left on device|database or disk is full|Disk quota exceeded/.test(text);
}

function untracked(file: string): string {
  return `The file ${file} exists, but Git does not track it, and a flake contains only tracked files. Run: git add ${file}`;
}

/** Nix before 2.20 copies a clean checkout with git archive, which omits files with the attribute export-ignore. */
function missingInCopy(file: string): string {
  return (
    `The file ${file} exists, but Nix did not copy it: Git does not track it (run: git add ${file}), or .gitattributes ` +
    'gives it export-ignore, which Nix before 2.20 obeys.'
  );
}

function wrongSystem([, wanted = '', own = '']: RegExpExecArray): string | undefined {
  if (wanted === own) return undefined;
  const runner = wanted === 'aarch64-linux' ? ', or use a runner of that kind, such as ubuntu-24.04-arm' : '';
  return (
    `This machine is ${own} and cannot build for ${wanted}: register QEMU (docker/setup-qemu-action) and put ` +
    `"extra-platforms = ${wanted}" into nix-conf, or name a remote builder in builders${runner}.`
  );
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}
