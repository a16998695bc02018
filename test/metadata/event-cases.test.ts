import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { computeTags } from '../../src/metadata/compute-tags.ts';
import { parseFlavor } from '../../src/metadata/flavor.ts';
import { parseTagRules } from '../../src/metadata/tag-rule.ts';
import { readEvent, workflowContext } from '../../src/runtimes/workflow-context.ts';
import cases from './event-cases.json' with { type: 'json' };

interface Case {
  /** Name of the event. */
  readonly event: string;
  /** File in test/hosts/events. */
  readonly payload: string;
  readonly ref: string;
  readonly tags: readonly string[];
  readonly flavor?: readonly string[];
  /** What docker/metadata-action 6.2.0 gave, run on this payload. */
  readonly names: readonly string[];
}

suite("the tags of docker/metadata-action 6 from GitHub's payloads", () => {
  for (const { event, payload, ref, tags, flavor = [], names } of cases as readonly Case[]) {
    test(`${event} of ${ref}: ${tags.join(' ') || 'the default rules'} ${flavor.join(' ')}`, async () => {
      const env = {
        GITHUB_EVENT_NAME: event,
        GITHUB_EVENT_PATH: fileURLToPath(new URL(`../runtimes/events/${payload}.json`, import.meta.url)),
        GITHUB_REPOSITORY: 'acme/app',
        GITHUB_REF: ref,
        GITHUB_REF_NAME: ref.replace(/^refs\/(heads|tags)\//, ''),
        GITHUB_SHA: '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c',
      };
      const context = { ...workflowContext(env, await readEvent(env), {}), now: 0 };
      const computed = computeTags(parseTagRules(tags.join('\n')), parseFlavor(flavor.join('\n')), context);
      assert.deepEqual(computed.names, names);
      assert.equal(computed.version, names[0]);
    });
  }
});
