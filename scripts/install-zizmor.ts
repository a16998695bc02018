import { isExecutable } from '../src/lib/process.ts';
import { run } from '../test/support/run.ts';
import { zizmor } from '../test/support/zizmor.ts';
import type { Requirement } from './requirements.ts';

/** zizmor in a virtual environment of Python. */
export const zizmorInstalled: Requirement = {
  name: `zizmor ${zizmor.version}`,
  isMet: () => isExecutable(zizmor.path),
  async meet() {
    await run('python3', ['-m', 'venv', zizmor.directory]);
    await run(`${zizmor.directory}/bin/pip`, ['install', '--quiet', `zizmor==${zizmor.version}`]);
  },
};
