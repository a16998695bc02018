import { build } from './build.ts';
import { cacheCommands } from './cache.ts';
import { cleanup } from './cleanup.ts';
import type { Command } from './command.ts';
import { completions } from './completions.ts';
import { diff } from './diff.ts';
import { explain } from './explain.ts';
import { index } from './index.ts';
import { inspect } from './inspect.ts';
import { metadata } from './metadata.ts';
import { promote } from './promote.ts';
import { pushLayout } from './push-layout.ts';
import { run } from './run.ts';
import { sbom } from './sbom.ts';
import { verify } from './verify.ts';

/** All commands, in the order of the help. */
export const commandTable: readonly Command[] = [
  build,
  run,
  inspect,
  diff,
  explain,
  sbom,
  verify,
  index,
  promote,
  pushLayout,
  metadata,
  cleanup,
  ...cacheCommands,
  completions(() => commandTable),
];
