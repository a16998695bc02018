import type { ReusedBuild } from './result.ts';

/** What a run skipped because of an earlier build, for log and summary. */
export function describeReuse(by: ReusedBuild['by']): string {
  return by === 'commit'
    ? 'nothing was installed, restored, evaluated or built'
    : 'the derivations are the same, so nothing was built, and only sources were restored';
}
