import { isObject } from '../lib/json-object.ts';
import type { Activity, Log } from '../runtime.ts';
import { storePathName } from '../store-path.ts';

// https://github.com/NixOS/nix/blob/master/src/libutil/include/nix/util/logging.hh
const activities = { copyPath: 100, fileTransfer: 101, build: 105 } as const;
const progressResult = 105;

/** Most activities that are shown; Nix runs a few at a time. */
const mostActivities = 1000;

/** What Nix has reported about one activity. */
interface Followed extends Activity {
  done: number;
}

/**
 * Shows in the log what Nix does, from the lines that it prints with `--log-format internal-json`. Until Nix builds or
 * fetches something, it evaluates `target`. `end` ends all activities.
 */
export function showProgress(target: string, log: Pick<Log, 'activity'>) {
  let evaluation: Activity | undefined = log.activity(`evaluating ${target}`);
  const running = new Map<string, Followed>();
  const endEvaluation = () => {
    evaluation?.end();
    evaluation = undefined;
  };
  const start = (id: string, { type, fields }: Event) => {
    const name = nameOf(type, fields);
    if (name === undefined || running.size >= mostActivities) return;
    if (type !== activities.fileTransfer) endEvaluation();
    running.set(id, { ...log.activity(name), done: 0 });
  };
  const advance = (id: string, { type, fields }: Event) => {
    const [done] = Array.isArray(fields) ? fields : [];
    const one = running.get(id);
    if (type !== progressResult || one === undefined || !Number.isSafeInteger(done) || done < one.done) return;
    one.add(done - one.done);
    one.done = done;
  };
  const stop = (id: string) => {
    running.get(id)?.end();
    running.delete(id);
  };
  return {
    read(line: string): void {
      const event = eventOf(line);
      const id = /"id":(\d+)/.exec(line)?.[1] ?? '';
      if (event.action === 'start') start(id, event);
      if (event.action === 'result') advance(id, event);
      if (event.action === 'stop') stop(id);
    },
    end(): void {
      endEvaluation();
      for (const id of [...running.keys()]) stop(id);
    },
  };
}

interface Event {
  readonly action?: unknown;
  readonly type?: unknown;
  readonly fields?: unknown;
}

/** Parses only lines about activities, not the log of a builder, which is most of the lines. */
function eventOf(line: string): Event {
  if (!/^@nix \{"action":"(?:start|stop|result)"/.test(line)) return {};
  try {
    const event: unknown = JSON.parse(line.slice('@nix '.length));
    return isObject(event) ? event : {};
  } catch {
    return {};
  }
}

function nameOf(type: unknown, fields: unknown): string | undefined {
  const [first] = Array.isArray(fields) ? fields : [];
  if (typeof first !== 'string') return undefined;
  if (type === activities.build) return `building ${storePathName(first)}`;
  if (type === activities.copyPath) return `fetching ${storePathName(first)}`;
  // The end of a URL is enough, and contains no login.
  return type === activities.fileTransfer ? `downloading ${first.split(/[?#]/)[0]?.split('/').at(-1)}` : undefined;
}
