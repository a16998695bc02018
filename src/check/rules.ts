import type { CheckedImage } from './checked-image.ts';
import { findForeignSource, findOldCreated, findSecretsInConfig, findTooManyLayers } from './config-rules.ts';
import { findDuplicates } from './efficiency.ts';
import {
  findBuildTools,
  findMissingCertificates,
  findMissingStorePaths,
  findMissingTmp,
  findMissingWorkingDir,
  findSecretFiles,
  findSetuid,
  findUnknownUser,
  findWorldWritable,
} from './file-rules.ts';
import { findForeignPrograms, findMissingCommand, findMissingInterpreter } from './program-rules.ts';

/** A rule of the check. Reason and cure are sentences in Markdown, for messages and docs/check.md. */
export interface Rule {
  /** Why it matters. */
  readonly reason: string;
  readonly cure: string;
  /** Whether the rule looks only at the config and the number of layers; such rules apply before anything is sent. */
  readonly isEarly?: boolean;
  /** What breaks the rule, one phrase each; empty if nothing does, or if that is unknown. */
  find(image: CheckedImage): readonly string[];
}

/** All rules by id, in the order of the documentation. */
export const rules = {
  'missing-command': {
    reason: 'The container cannot start.',
    cure: 'Correct `Entrypoint` or `Cmd`, or add the package of the program to the image.',
    find: findMissingCommand,
  },
  'missing-interpreter': {
    reason: 'The container cannot start: engines report "no such file or directory" although the program is there.',
    cure: 'Add the loader or interpreter to the image, or let Nix patch the program (`autoPatchelfHook`, `patchShebangs`).',
    find: findMissingInterpreter,
  },
  'wrong-architecture': {
    reason: 'The container cannot start: engines report "exec format error".',
    cure: 'Build the image for its platform, or correct `architecture`.',
    find: findForeignPrograms,
  },
  'missing-store-path': {
    reason: 'What the config names is not there when the container runs.',
    cure: 'Add the path to the contents of the image. If the store of the host is mounted, declare the volume `/nix/store`.',
    find: findMissingStorePaths,
  },
  'no-ca-certificates': {
    reason: 'Programs cannot verify servers: HTTPS requests fail.',
    cure: 'Add the package `cacert`, and set `SSL_CERT_FILE` to its `etc/ssl/certs/ca-bundle.crt`.',
    find: findMissingCertificates,
  },
  'unknown-user': {
    reason: 'The container cannot start: engines look names up in the image.',
    cure: 'Use numbers (`1000:1000`), or add `/etc/passwd` and `/etc/group` (`dockerTools.fakeNss`).',
    find: findUnknownUser,
  },
  'no-tmp': {
    reason: 'Programs that write temporary files fail.',
    cure: 'Add `/tmp` with mode 1777 (`extraCommands = "mkdir -m 1777 tmp"`), or declare a volume there.',
    find: findMissingTmp,
  },
  'missing-working-dir': {
    reason: 'Engines create the directory for root, so that the user of the image cannot write there.',
    cure: 'Add the directory to the image, or correct `WorkingDir`.',
    find: findMissingWorkingDir,
  },
  'setuid-file': {
    reason: 'Whoever runs the file gets the rights of its owner or group.',
    cure: 'Remove the bits, or the file.',
    find: findSetuid,
  },
  'world-writable': {
    reason: 'Every user of the container can change what others run or read.',
    cure: 'Remove the permission, or set the sticky bit of the directory (mode 1777).',
    find: findWorldWritable,
  },
  'secret-in-layer': {
    reason: 'Whoever can pull the image can read the file, even if a layer above removes it.',
    cure: 'Revoke the secret, remove the file, and give secrets to the container when it starts.',
    find: findSecretFiles,
  },
  'secret-in-config': {
    reason: 'Whoever can pull the image can read its config.',
    cure: 'Revoke the secret, and give it to the container when it starts.',
    isEarly: true,
    find: findSecretsInConfig,
  },
  'build-tools': {
    reason: 'Compilers and headers make the image large, and help an attacker who gets into the container.',
    cure: 'Find what refers to them with `nix why-depends`, and cut the reference (`removeReferencesTo`, a separate output).',
    find: findBuildTools,
  },
  'duplicate-files': {
    reason: 'Every pull downloads these files, although a layer above replaces or removes them.',
    cure: 'Leave each file to one layer, and remove files in the layer that has them.',
    find: findDuplicates,
  },
  'too-many-layers': {
    reason: 'Docker supports at most 125 layers and fails with "max depth exceeded".',
    cure: 'Build the image with fewer (`maxLayers`), or set `max-layers`.',
    isEarly: true,
    find: findTooManyLayers,
  },
  'created-1970': {
    reason: 'Tools show an image that is decades old, and clean-up by age deletes it first.',
    cure: 'Leave `created` at its default, the time of the commit.',
    isEarly: true,
    find: findOldCreated,
  },
  'foreign-source': {
    reason: 'GitHub links the package to the repository that the label names, and scanners look there.',
    cure: 'Correct the label, or delete it with `!org.opencontainers.image.source` in `labels`.',
    isEarly: true,
    find: findForeignSource,
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;

/** The ids of all rules. */
export const ruleIds = Object.keys(rules) as RuleId[];
