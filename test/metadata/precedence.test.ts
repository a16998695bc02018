import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { InputName } from '../../src/inputs/input-table.ts';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import type { Facts } from '../../src/nix/facts.ts';
import { configOf, labelsOf } from '../../src/oci/config.ts';
import type { Runtime } from '../../src/runtime.ts';
import { describeRun } from '../../src/stages/describe/describe-run.ts';
import { labelImage } from '../../src/stages/open/label-image.ts';

const key = 'org.opencontainers.image.description';
const noFacts: Facts = {
  isDerivation: true,
  hasStream: false,
  streamHasConf: false,
  hasConf: false,
  isExe: null,
  imageName: null,
  imageTag: null,
  mainProgram: null,
  system: null,
  name: null,
  pname: null,
  version: null,
  description: null,
  license: null,
  homepage: null,
};

/** What each source says of the description; weakest first, as docs/labels.md has them. */
const sources = ['image', 'package', 'workflow', 'metadata-action', 'labels'] as const;
type Source = (typeof sources)[number];

function hostOf(description: string | undefined): Runtime {
  const say = () => {};
  return {
    log: {
      info: say,
      notice: say,
      warning: say,
      debug: say,
      secret: say,
      activity: () => ({ add() {}, end() {} }),
      masked: String,
      group: (_, body) => body(),
    },
    env: {},
    exec: () => assert.fail('no program is run'),
    directory: '/',
    temporary: '/',
    context: description === undefined ? {} : { description },
    changedFiles: async () => [],
    cleanCommit: async () => undefined,
    signing: { keyPassword: '', identityToken: () => assert.fail('nothing is signed') },
    createDirectory: async () => '/',
    resolve: path => path,
    now: () => 0,
    isDisposable: false,
    cancelled: new AbortController().signal,
    holdExit: work => work,
    addPath: say,
    exportVariable: say,
  };
}

/** Labels and annotations of an image of which these sources say something. */
async function label(given: readonly Source[], texts: Partial<Record<InputName, string>> = {}) {
  const says = (source: Source) => (given.includes(source) ? source : undefined);
  const asked: Partial<Record<InputName, string>> = {
    ...(given.includes('labels') ? { labels: `${key}=labels` } : {}),
    ...(given.includes('metadata-action')
      ? { metadata: JSON.stringify({ labels: { [key]: 'metadata-action' } }) }
      : {}),
    ...texts,
  };
  const inputs = parseInputs(name => asked[name] ?? '');
  const runtime = hostOf(says('workflow'));
  const facts = { ...noFacts, description: says('package') ?? null };
  const Labels = given.includes('image') ? { [key]: 'image' } : {};
  const image = { config: configOf({ os: 'linux', architecture: 'amd64', config: { Labels } }), layers: [] };
  const [metadata] = await describeRun([inputs], runtime);
  const labelled = labelImage(image, metadata, { inputs, meta: facts, runtime });
  return { labels: labelsOf(labelled.image.config), annotations: labelled.annotations };
}

suite('of two sources the later one wins', () => {
  for (const [i, weak] of sources.entries()) {
    for (const strong of sources.slice(i + 1)) {
      test(`${weak} < ${strong}`, async () => {
        assert.equal((await label([weak, strong])).labels[key], strong);
        assert.equal((await label([weak])).labels[key], weak);
      });
    }
  }
});

suite('!key deletes a label, whoever set it', () => {
  for (const source of sources.slice(0, -1)) {
    test(source, async () => {
      const { labels, annotations } = await label([source], { labels: `!${key}` });
      assert.ok(!(key in labels));
      assert.ok(!(key in annotations));
    });
  }
});

suite('annotate says where labels go', () => {
  for (const [annotate, label_, annotation] of [
    ['config,manifest,index', 'labels', 'labels'],
    ['config', 'labels', undefined],
    ['manifest', undefined, 'labels'],
    ['index', undefined, undefined],
  ] as const) {
    test(annotate, async () => {
      const { labels, annotations } = await label(['labels'], { annotate });
      assert.equal(labels[key], label_);
      assert.equal(annotations[key], annotation);
    });
  }

  test('annotations are over labels, each on its platform', async () => {
    const texts = { annotations: `${key}=own\nmanifest[linux/arm64]:a=1\nmanifest[linux/amd64]:b=2\nindex:c=3` };
    const { annotations } = await label(['labels'], texts);
    assert.deepEqual(annotations, { [key]: 'own', b: '2' });
  });

  test("labels of the image's build are no annotations", async () => {
    assert.deepEqual((await label(['image'])).annotations, {});
  });
});

test('a push for which no rule gives a tag is a Failure that quotes the rules', async () => {
  await assert.rejects(
    label([], { images: 'app', tags: 'type=ref,event=tag', push: 'true' }),
    /Cannot push: the rules "type=ref,event=tag" give no tag/,
  );
});

test('a branch that leaves no valid tag gets a warning, and a push of it is a Failure that says so', async () => {
  const warnings: string[] = [];
  const quiet = hostOf(undefined);
  const host = {
    ...quiet,
    context: { ref: 'refs/heads/日本' },
    log: { ...quiet.log, warning: (text: string) => warnings.push(text) },
  };
  const inputsOf = (push: string) =>
    parseInputs(name => ({ images: 'app', tags: 'type=ref,event=branch', push })[name as string] ?? '');
  await describeRun([inputsOf('false')], host);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /"type=ref,event=branch": "日本" cannot be turned into a valid tag/);
  await assert.rejects(
    describeRun([inputsOf('true')], host),
    /Cannot push: .*"日本" cannot be turned into a valid tag/,
  );
});

test('a push of what metadata-action gives no tag for is a Failure that says why', async () => {
  const metadata = (tags: readonly string[]) => ({ metadata: JSON.stringify({ tags }), push: 'true' });
  await assert.rejects(label([], metadata([])), /Cannot push: metadata gives no tag: it has none\. Add a rule/);
  await assert.rejects(label([], metadata(['dev'])), /metadata gives no tag: No tag from "dev" .* Set images in that/);
});

test('a push of which no image is enabled is a Failure that says so', async () => {
  await assert.rejects(
    label([], { images: 'app,enable=false', push: 'true' }),
    /Cannot push: every line of images has enable=false/,
  );
});
