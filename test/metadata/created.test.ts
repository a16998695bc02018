import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Clocks, parseCreated, parseRfc3339, resolveCreated } from '../../src/metadata/created.ts';
import { failureWith } from '../support/failure.ts';

const clocks: Clocks = {
  sourceDateEpoch: undefined,
  commitTime: 1_700_000_000,
  now: () => Date.parse('2026-01-31T12:00:00.999Z'),
};

suite('created', () => {
  for (const [text, expected] of [
    ['commit', '2023-11-14T22:13:20Z'],
    ['now', '2026-01-31T12:00:00Z'],
    ['keep', undefined],
    ['0', '1970-01-01T00:00:00Z'],
    ['1700000000', '2023-11-14T22:13:20Z'],
    ['253402300799', '9999-12-31T23:59:59Z'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z'],
    ['2026-01-31t12:00:00z', '2026-01-31T12:00:00Z'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00Z'],
    ['2026-01-31T23:30:00-01:45', '2026-02-01T01:15:00Z'],
    ['2026-01-31T12:00:00.987654321Z', '2026-01-31T12:00:00Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['1970-01-01T00:00:00-00:00', '1970-01-01T00:00:00Z'],
  ] as const) {
    test(text, () => assert.equal(resolveCreated(parseCreated(text), clocks), expected));
  }
});

suite('an invalid time is a Failure that lists the valid forms', () => {
  for (const text of [
    '',
    'Commit',
    'today',
    '-1',
    '1.5',
    '1e9',
    '0x10',
    '253402300800',
    '99999999999999999999',
    '2026-01-31',
    '2026-01-31 12:00:00Z',
    '2026-01-31T12:00:00',
    '2026-01-31T12:00Z',
    '2026-02-30T12:00:00Z',
    '2025-02-29T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T12:60:00Z',
    '2026-01-31T12:00:00+24:00',
    '2026-01-31T12:00:00+0200',
    '1969-12-31T23:59:59Z',
    '10000-01-01T00:00:00Z',
  ]) {
    test(JSON.stringify(text), () => {
      const parts = [`Cannot use created: "${text}"`, 'Write commit, now, keep, an RFC 3339 time', 'Unix seconds'];
      assert.throws(() => parseCreated(text), failureWith(...parts));
    });
  }
});

suite('SOURCE_DATE_EPOCH is what commit means', () => {
  for (const [sourceDateEpoch, expected] of [
    ['315532800', '1980-01-01T00:00:00Z'],
    ['0', '1970-01-01T00:00:00Z'],
    ['', '2023-11-14T22:13:20Z'],
  ] as const) {
    test(JSON.stringify(sourceDateEpoch), () => {
      assert.equal(resolveCreated('commit', { ...clocks, sourceDateEpoch }), expected);
    });
  }

  for (const sourceDateEpoch of ['yesterday', '-1', '1.5', ' 1', '253402300800']) {
    test(`not a time: "${sourceDateEpoch}"`, () => {
      const parts = [`SOURCE_DATE_EPOCH="${sourceDateEpoch}"`, 'it must be Unix seconds'];
      assert.throws(() => resolveCreated('commit', { ...clocks, sourceDateEpoch }), failureWith(...parts));
    });
  }

  test('it changes no other value of created', () => {
    const epoch = { ...clocks, sourceDateEpoch: 'nonsense' };
    assert.equal(resolveCreated('keep', epoch), undefined);
    assert.equal(resolveCreated('now', epoch), '2026-01-31T12:00:00Z');
    assert.equal(resolveCreated(0, epoch), '1970-01-01T00:00:00Z');
  });
});

test('without a commit the created time is kept', () => {
  assert.equal(resolveCreated('commit', { ...clocks, commitTime: undefined }), undefined);
});

test('the time of a commit in an event', () => {
  assert.equal(parseRfc3339('2026-03-14T15:09:26+01:00'), 1_773_497_366);
  assert.equal(parseRfc3339(''), undefined);
});
