import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import moment from 'moment-timezone';
import { formatTime, isTimeZone } from '../../src/metadata/format-time.ts';
import { createRandom } from '../support/fuzz.ts';

// metadata-action formats times with moment-timezone; what that gives is what has to come.

const tokens = (
  'M Mo MM MMM MMMM Q Qo D Do DD DDD DDDo DDDD d do dd ddd dddd e E w wo ww W Wo WW Y YY YYYY YYYYY YYYYYY y yy yyy ' +
  'yyyy yo N NN NNN NNNN NNNNN gg gggg ggggg GG GGGG GGGGG a A H HH h hh k kk hmm hmmss Hmm Hmmss m mm s ss S SS SSS ' +
  'SSSS SSSSS SSSSSS SSSSSSS SSSSSSSS SSSSSSSSS x X Z ZZ LT LTS L LL LLL LLLL l ll lll llll'
).split(' ');
const literals = ['[at]', '[', ']', '\\', '-', '.', 'T', 'g', 'G', 'o', 'ü'];
/** Before that the database says the same in every copy of it: what governments decide later is not in it yet. */
const [first, last] = [Date.UTC(2015), Date.UTC(2026)];

suite('each token of moment', () => {
  for (const token of tokens) {
    test(token, () => {
      for (const [time, zone] of [
        [Date.parse('2020-01-10T00:30:00Z'), 'UTC'],
        [Date.parse('2023-01-01T11:59:59.987Z'), 'Asia/Kolkata'],
        [Date.parse('2024-12-30T23:00:01.004Z'), 'America/St_Johns'],
        [Date.parse('2021-07-22T12:05:09.050Z'), 'Europe/London'],
      ] as const) {
        assert.equal(formatTime(time, token, zone), moment.tz(time, zone).format(token));
      }
    });
  }
});

test('random formats, times and zones', () => {
  const random = createRandom(14);
  for (let i = 0; i < 2000; i++) {
    const format = Array.from({ length: 1 + random.below(5) }, () => random.pick([...tokens, ...literals])).join('');
    const [zone, time] = [random.pick(moment.tz.names()), first + random.below(last - first)];
    assert.equal(formatTime(time, format, zone), moment.tz(time, zone).format(format), `${format} ${time} ${zone}`);
  }
});

/** Zones that have other letters for the same offset now than then. */
const renamed =
  /^(America\/(Chihuahua|Ciudad_Juarez|Dawson|Edmonton|Inuvik|Ojinaga|Rainy_River|Vancouver|Whitehorse|Winnipeg|Yellowknife)|Canada\/(Central|Mountain|Pacific|Yukon))$/;

test('the letters of every zone, in winter and in summer', () => {
  for (const zone of moment.tz.names().filter(name => !renamed.test(name))) {
    for (const time of [Date.UTC(2024, 0, 15), Date.UTC(2024, 6, 15)]) {
      assert.equal(formatTime(time, 'z zz', zone), moment.tz(time, zone).format('z zz'), zone);
    }
  }
});

test('every zone of the database is known, in any case, and nothing else', () => {
  for (const zone of moment.tz.names()) assert.ok(isTimeZone(zone), zone);
  assert.ok(isTimeZone('europe/berlin'));
  for (const text of ['', 'Mars/Base', '+02:00', 'CEST', '../UTC']) assert.ok(!isTimeZone(text), text);
});

test('without a format it is ISO 8601', () => {
  const time = Date.parse('2020-01-10T00:30:00.5Z');
  for (const zone of ['UTC', 'Europe/London', 'Asia/Tokyo', 'America/New_York']) {
    assert.equal(formatTime(time, '', zone), moment.tz(time, zone).format());
  }
});
