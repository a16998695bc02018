import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { computeTags } from '../../src/metadata/compute-tags.ts';
import { parseFlavor } from '../../src/metadata/flavor.ts';
import { parseTagRules } from '../../src/metadata/tag-rule.ts';
import cases from './random-cases.json' with { type: 'json' };

interface Case {
  readonly event: string;
  readonly ref: string;
  readonly sha?: string;
  readonly baseRef?: string;
  readonly tags: readonly string[];
  readonly flavor?: readonly string[];
  /** What docker/metadata-action (commit dc80280) gave. */
  readonly names: readonly string[];
  /** What is given here, if it differs; docs/metadata.md says why. */
  readonly ours?: readonly string[];
}

const now = Date.parse('2020-01-10T00:30:00Z');

suite('the tags of docker/metadata-action from random rules, refs and flavors', () => {
  for (const { event, ref, sha = '', baseRef, tags, flavor = [], names, ours = names } of cases as readonly Case[]) {
    test(`${event} of ${ref}: ${tags.join(' ') || 'the default rules'} ${flavor.join(' ')}`, () => {
      const context = {
        eventName: event,
        ref,
        sha,
        defaultBranch: 'main',
        commitTime: now / 1000 - 86_400,
        now,
        ...(baseRef !== undefined && /^refs\/(tags|pull)\//.test(ref) ? { baseRef } : {}),
      };
      const computed = computeTags(parseTagRules(tags.join('\n')), parseFlavor(flavor.join('\n')), context);
      assert.deepEqual(computed.names, ours);
    });
  }
});

test('no difference adds a tag that docker/metadata-action does not give, but for an affix that it does not fill in', () => {
  for (const { names, ours = [], flavor = [] } of cases as readonly Case[]) {
    const added = ours.filter(name => !names.includes(name));
    assert.ok(added.length === 0 || flavor.some(line => /onlatest=true|=.*=/.test(line)), added.join(' '));
  }
});
