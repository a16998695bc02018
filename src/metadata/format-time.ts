import abbreviationsByZone from './zone-abbreviations.json' with { type: 'json' };

/** A moment as clocks in a zone show it. */
interface ZonedTime {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** A date whose UTC fields are those of the zone's clocks. */
  readonly clock: Date;
  /** Minutes east of UTC. */
  readonly offset: number;
  /** The zone's name as given. */
  readonly zone: string;
}

/** Whether the IANA database has a zone of this name, ignoring case. */
export function isTimeZone(name: string): boolean {
  try {
    // Node also accepts offsets such as +02:00.
    return /^[a-z]/i.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions() !== undefined;
  } catch {
    return false;
  }
}

/**
 * The time (milliseconds since the epoch) in a format of moment's tokens, momentjs.com/docs, "Format"; English words.
 * An empty format means ISO 8601.
 */
export function formatTime(time: number, format: string, zone: string): string {
  const offset = offsetIn(zone, time);
  const zoned = { time, clock: new Date(time + offset * 60_000), offset, zone };
  const asked = format === '' ? `YYYY-MM-DDTHH:mm:ss${offset === 0 ? '[Z]' : 'Z'}` : format;
  const whole = asked.replaceAll(localizedPattern, token => localized[token] ?? token);
  return whole.replaceAll(tokenPattern, token => tokens[token]?.(zoned) ?? literalOf(token));
}

const localizedPattern = /\[[^[]*\]|\\?(?:LTS|LT|L{1,4}|l{1,4})/g;
const localized: Readonly<Record<string, string>> = {
  LT: 'h:mm A',
  LTS: 'h:mm:ss A',
  L: 'MM/DD/YYYY',
  LL: 'MMMM D, YYYY',
  LLL: 'MMMM D, YYYY h:mm A',
  LLLL: 'dddd, MMMM D, YYYY h:mm A',
  l: 'M/D/YYYY',
  ll: 'MMM D, YYYY',
  lll: 'MMM D, YYYY h:mm A',
  llll: 'ddd, MMM D, YYYY h:mm A',
};

const names = {
  months: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October'].concat(
    'November',
    'December',
  ),
  days: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
};

type Field = (zoned: ZonedTime) => number;

const month: Field = ({ clock }) => clock.getUTCMonth() + 1;
const quarter: Field = zoned => Math.ceil(month(zoned) / 3);
const dayOfMonth: Field = ({ clock }) => clock.getUTCDate();
const dayOfYear: Field = ({ clock }) => daysOf(clock) - daysOf(new Date(Date.UTC(clock.getUTCFullYear(), 0))) + 1;
const dayOfWeek: Field = ({ clock }) => clock.getUTCDay();
const year: Field = ({ clock }) => clock.getUTCFullYear();
const hour: Field = ({ clock }) => clock.getUTCHours();
const hourOf12: Field = zoned => hour(zoned) % 12 || 12;
const minute: Field = ({ clock }) => clock.getUTCMinutes();
const second: Field = ({ clock }) => clock.getUTCSeconds();
/**
 * Weeks begin on Sunday, and the first one contains 1 January; those of ISO 8601 begin on Monday, and the first
 * contains 4 January.
 */
const [weekYear, week] = weeksOf({ firstDay: 0, inFirstWeek: 1 });
const [isoWeekYear, isoWeek] = weeksOf({ firstDay: 1, inFirstWeek: 4 });

/** By token. */
const tokens: Readonly<Record<string, (zoned: ZonedTime) => string>> = {
  ...numbers('M', month),
  MMM: zoned => monthName(zoned).slice(0, 3),
  MMMM: monthName,
  Q: zoned => String(quarter(zoned)),
  Qo: zoned => ordinal(quarter(zoned)),
  ...numbers('D', dayOfMonth),
  DDD: zoned => String(dayOfYear(zoned)),
  DDDo: zoned => ordinal(dayOfYear(zoned)),
  DDDD: zoned => padded(dayOfYear(zoned), 3),
  d: zoned => String(dayOfWeek(zoned)),
  do: zoned => ordinal(dayOfWeek(zoned)),
  dd: zoned => dayName(zoned).slice(0, 2),
  ddd: zoned => dayName(zoned).slice(0, 3),
  dddd: dayName,
  e: zoned => String(dayOfWeek(zoned)),
  E: zoned => String(dayOfWeek(zoned) || 7),
  ...numbers('w', week),
  ...numbers('W', isoWeek),
  Y: zoned => padded(year(zoned), 4),
  YY: zoned => padded(year(zoned) % 100, 2),
  YYYY: zoned => padded(year(zoned), 4),
  YYYYY: zoned => padded(year(zoned), 5),
  YYYYYY: zoned => `+${padded(year(zoned), 6)}`,
  ...Object.fromEntries([1, 2, 3, 4].map(width => ['y'.repeat(width), (of: ZonedTime) => padded(year(of), width)])),
  yo: zoned => ordinal(year(zoned)),
  ...Object.fromEntries(['N', 'NN', 'NNN', 'NNNNN'].map(token => [token, () => 'AD'])),
  NNNN: () => 'Anno Domini',
  gg: zoned => padded(weekYear(zoned) % 100, 2),
  gggg: zoned => padded(weekYear(zoned), 4),
  ggggg: zoned => padded(weekYear(zoned), 5),
  GG: zoned => padded(isoWeekYear(zoned) % 100, 2),
  GGGG: zoned => padded(isoWeekYear(zoned), 4),
  GGGGG: zoned => padded(isoWeekYear(zoned), 5),
  a: zoned => (hour(zoned) < 12 ? 'am' : 'pm'),
  A: zoned => (hour(zoned) < 12 ? 'AM' : 'PM'),
  H: zoned => String(hour(zoned)),
  HH: zoned => padded(hour(zoned), 2),
  h: zoned => String(hourOf12(zoned)),
  hh: zoned => padded(hourOf12(zoned), 2),
  k: zoned => String(hour(zoned) || 24),
  kk: zoned => padded(hour(zoned) || 24, 2),
  hmm: zoned => `${hourOf12(zoned)}${padded(minute(zoned), 2)}`,
  hmmss: zoned => `${hourOf12(zoned)}${padded(minute(zoned), 2)}${padded(second(zoned), 2)}`,
  Hmm: zoned => `${hour(zoned)}${padded(minute(zoned), 2)}`,
  Hmmss: zoned => `${hour(zoned)}${padded(minute(zoned), 2)}${padded(second(zoned), 2)}`,
  m: zoned => String(minute(zoned)),
  mm: zoned => padded(minute(zoned), 2),
  s: zoned => String(second(zoned)),
  ss: zoned => padded(second(zoned), 2),
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map(digits => ['S'.repeat(digits), fraction(digits)])),
  x: ({ time }) => String(time),
  X: ({ time }) => String(Math.floor(time / 1000)),
  z: abbreviation,
  zz: abbreviation,
  Z: ({ offset }) => offsetText(offset, ':'),
  ZZ: ({ offset }) => offsetText(offset, ''),
};

/** The longest token first; escaped text and any other character is literal. */
const tokenPattern = new RegExp(
  `\\[[^[]*\\]|\\\\?(?:${Object.keys(tokens)
    .toSorted((a, b) => b.length - a.length)
    .join('|')}|.)`,
  'g',
);

function numbers(token: string, field: Field): Readonly<Record<string, (zoned: ZonedTime) => string>> {
  return {
    [token]: zoned => String(field(zoned)),
    [`${token}o`]: zoned => ordinal(field(zoned)),
    [token.repeat(2)]: zoned => padded(field(zoned), 2),
  };
}

function fraction(digits: number): (zoned: ZonedTime) => string {
  return ({ clock }) => padded(clock.getUTCMilliseconds(), 3).padEnd(digits, '0').slice(0, digits);
}

function monthName(zoned: ZonedTime): string {
  return names.months[month(zoned) - 1] ?? '';
}

function dayName(zoned: ZonedTime): string {
  return names.days[dayOfWeek(zoned)] ?? '';
}

function padded(number: number, width: number): string {
  return String(number).padStart(width, '0');
}

function ordinal(number: number): string {
  const ending = Math.floor((number % 100) / 10) === 1 ? undefined : ['th', 'st', 'nd', 'rd'][number % 10];
  return `${number}${ending ?? 'th'}`;
}

/** Whole days since the epoch. */
function daysOf(clock: Date): number {
  return Math.floor(clock.getTime() / 86_400_000);
}

/** The year that a week belongs to, and its number there. */
function weeksOf({
  firstDay,
  inFirstWeek,
}: {
  readonly firstDay: number;
  readonly inFirstWeek: number;
}): [Field, Field] {
  const weekStart = (days: number) => days - ((new Date(days * 86_400_000).getUTCDay() - firstDay + 7) % 7);
  const firstOf = (of: number) => weekStart(daysOf(new Date(Date.UTC(of, 0, inFirstWeek))));
  const yearOf: Field = zoned => {
    const start = weekStart(daysOf(zoned.clock));
    const candidates = [year(zoned) + 1, year(zoned), year(zoned) - 1];
    return candidates.find(candidate => firstOf(candidate) <= start) ?? year(zoned);
  };
  return [yearOf, zoned => (weekStart(daysOf(zoned.clock)) - firstOf(yearOf(zoned))) / 7 + 1];
}

/** Minutes east of UTC, by the time zones that Node has. */
function offsetIn(zone: string, time: number): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
  return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) - time) / 60_000);
}

/** `+02:00`; `separator` goes between hours and minutes. */
function offsetText(offset: number, separator: string): string {
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${offset < 0 ? '-' : '+'}${padded(hours, 2)}${separator}${padded(minutes, 2)}`;
}

/** `CEST`, which Intl does not know; for zones without letters the offset, `+03`. */
function abbreviation({ zone, offset }: ZonedTime): string {
  const wanted = zone.toLowerCase();
  const group = abbreviationsByZone.find(({ zones }) => zones.some(name => name.toLowerCase() === wanted));
  const letters: Readonly<Record<string, string>> = group?.abbreviations ?? {};
  return letters[offset] ?? offsetText(offset, '').replace(/00$/, '');
}

function literalOf(text: string): string {
  return text.startsWith('[') && text.length > 1 ? text.slice(1, -1) : text.replaceAll('\\', '');
}
