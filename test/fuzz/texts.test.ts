import { test } from 'node:test';
import { fillIn } from '../../src/metadata/expression.ts';
import { parseTagRules } from '../../src/metadata/tag-rule.ts';
import { cureFor } from '../../src/nix/cures.ts';
import { findPosition } from '../../src/nix/find-place.ts';
import { parsePlatform } from '../../src/oci/platform.ts';
import { parseImageName, parseReference } from '../../src/oci/reference.ts';
import { corpusLines, fuzz, mutateText } from '../support/fuzz.ts';

test('references', () =>
  fuzz({
    run(input) {
      const text = input.toString('utf8');
      parseImageName(text);
      parseReference(text);
    },
    seeds: corpusLines('references'),
    cases: 2000,
    mutate: mutateText([':', '/', '@', '.', '-', '__', 'sha256:', 'docker.io/', '[::1]', ':5000', 'a'.repeat(300)]),
  }));

test('platforms', () =>
  fuzz({
    run: input => parsePlatform(input.toString('utf8'), 'the platform'),
    seeds: ['linux/amd64', 'linux/arm64/v8', 'a'.repeat(200)].map(text => Buffer.from(text)),
    cases: 1000,
    mutate: mutateText(['/', 'linux', ',', '\n']),
  }));

const expressions = {
  version: '1.2.3',
  major: '1',
  minor: '2',
  branch: 'a&b',
  raw: 'x',
  sha: '860c190',
  date: { time: 0 },
};

test('metadata expressions', () =>
  fuzz({
    run: input => fillIn(input.toString('utf8'), expressions, 'the line'),
    seeds: corpusLines('expressions'),
    cases: 2000,
    mutate: mutateText(['{{', '}}', '{{{', '}}}', "'", '"', ' ', 'tz=', 'date', 'version', '\\', 'Europe/Berlin']),
  }));

test('rules for tags', () =>
  fuzz({
    run: input => parseTagRules(input.toString('utf8')),
    seeds: corpusLines('tag-rules'),
    cases: 2000,
    mutate: mutateText([',', '=', '"', '\n', 'type=', 'raw', 'semver', 'pattern=', 'value=', 'priority=', 'enable=']),
  }));

const words = [
  ...['at /a.nix:1:2:', 'Package ‘a’ in ', "unable to download '", "path '/nix/store/", 'with features {', 'Reason: '],
  ...["Required system: 'a'", ' '.repeat(500), '\n', "'", "builder of '", '12 | ', 'at '.repeat(500), '{'.repeat(500)],
];

test('errors of Nix', () =>
  fuzz({
    run(input) {
      const text = input.toString('utf8');
      cureFor(text, '/nonexistent');
      findPosition(text, { kind: 'file', file: 'a.nix' }, '/nonexistent');
    },
    seeds: words.map(word => Buffer.from(word.repeat(200).slice(0, 20_000))),
    cases: 60,
    mutate: mutateText(words),
  }));
