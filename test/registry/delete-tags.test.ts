import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { openTransport } from '../../src/lib/http/transport.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { openClient } from '../../src/registry/access/client.ts';
import { deleteTags, registryTagStore, type TagStore } from '../../src/registry/delete/delete-tags.ts';
import { startCraneRegistry } from '../support/crane-registry.ts';
import { startDistribution } from '../support/distribution.ts';
import { failureWith } from '../support/failure.ts';
import { imageType, indexType, openPutter } from '../support/put-content.ts';
import { type RegistryOptions, startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { logInto } from './push-image.ts';

const path = 'acme/app';

/** A host with an empty repository, as the tests below fill it. */
type Start = (t: TestContext) => Promise<string>;

const registry =
  (options: Partial<RegistryOptions> = {}): Start =>
  async t => {
    const started = await startRegistry({ directory: join(await temporaryDirectory(t), 'registry'), ...options });
    t.after(() => started.close());
    return started.host;
  };

const distribution =
  (options: Parameters<typeof startDistribution>[0] = {}): Start =>
  async t => {
    const started = await startDistribution(options);
    t.after(() => started.close());
    return started.host;
  };

interface Options {
  readonly dryRun?: boolean;
  /** The tag store with something in between. */
  readonly through?: (tagStore: TagStore) => TagStore;
  readonly login?: { readonly username: string; readonly password: string };
}

/** Deletes tags as a run does. */
async function clean(t: TestContext, host: string, tags: readonly string[], options: Options = {}) {
  const env = { HOME: '/nonexistent' };
  const transport = openTransport({ insecureHosts: [], env });
  t.after(() => transport.close());
  const lines: string[] = [];
  const log = logInto(lines);
  const login = options.login === undefined ? {} : { login: { ...options.login, hosts: new Set([host]) } };
  const access = { transport, insecureRegistries: [], env, log, waits: { first: 1, longest: 2 }, ...login };
  const client = await openClient({ host, path }, { ...access, actions: 'pull,delete', mountSources: [] });
  const tagStore = (options.through ?? (same => same))(registryTagStore(client));
  const { deleted: gone, kept } = await deleteTags(tags, {
    client,
    tagStore,
    dryRun: options.dryRun ?? false,
    log,
  });
  const short = (name: string) => name.slice(`${host}/${path}`.length);
  return { gone: gone.map(short).sort(), kept: kept.map(one => [short(one.name), one.reason]), lines };
}

const places: readonly (readonly [name: string, start: Start])[] = [
  ['distribution 2', distribution()],
  ['distribution 3', distribution({ version: 3 })],
  ['the registry of the tests', registry()],
];

for (const [name, start] of places) {
  suite(name, () => {
    test('an index goes with what it lists; what another tag reaches stays', async t => {
      const host = await start(t);
      const put = openPutter(host, path);
      const [own, shared] = [await put.image('own'), await put.image('shared')];
      const main = await put.index([shared], 'main');
      const preview = await put.index([own, shared], 'pr-12');
      const { gone, kept } = await clean(t, host, ['pr-12']);
      assert.deepEqual(gone, [':pr-12', `@${own.digest}`, `@${preview.digest}`].sort());
      assert.deepEqual(kept, [[`@${shared.digest}`, 'other tags use it']]);
      assert.deepEqual(await put.tags(), ['main']);
      for (const [digest, stays] of [
        [own, false],
        [preview, false],
        [shared, true],
        [main, true],
      ] as const) {
        assert.equal(await put.has(digest.digest), stays);
      }
    });

    test('an index within an index is reached too', async t => {
      const host = await start(t);
      const put = openPutter(host, path);
      const leaf = await put.image('leaf');
      const inner = await put.index([leaf], 'pr-12');
      await put.index([inner], 'main');
      const { gone } = await clean(t, host, ['pr-12']);
      assert.ok((await put.has(leaf.digest)) && (await put.has(inner.digest)));
      assert.deepEqual(
        gone.filter(one => one.startsWith('@')),
        [],
      );
    });

    test('signatures and SBOMs under fallback tags go with the image, and only its own', async t => {
      const host = await start(t);
      const put = openPutter(host, path);
      const tagOf = (digest: string, suffix = '') => `${digest.replace(':', '-')}${suffix}`;
      const [main, preview] = [
        await put.image('main', undefined, 'main'),
        await put.image('preview', undefined, 'pr-12'),
      ];
      const [sbom, other] = [await put.image('sbom', preview), await put.image('other sbom', main)];
      await put.index([sbom], tagOf(preview.digest));
      await put.index([other], tagOf(main.digest));
      const signature = await put.image('signature', undefined, tagOf(preview.digest, '.sig'));
      await put.image('other signature', undefined, tagOf(main.digest, '.sig'));
      await clean(t, host, ['pr-12']);
      assert.deepEqual(await put.tags(), ['main', tagOf(main.digest), tagOf(main.digest, '.sig')].sort());
      for (const gone of [preview, sbom, signature]) assert.equal(await put.has(gone.digest), false);
      assert.ok(await put.has(other.digest));
    });

    test('several tags of one image go together, a tag that is gone already is fine', async t => {
      const host = await start(t);
      const put = openPutter(host, path);
      const image = await put.image('preview', undefined, 'pr-12', 'pr-12-new');
      await put.image('main', undefined, 'main');
      const { gone, lines } = await clean(t, host, ['pr-12', 'pr-12-new', 'pr-11']);
      assert.deepEqual(gone, [':pr-12', ':pr-12-new', `@${image.digest}`]);
      assert.ok(lines.includes(`${host}/acme/app:pr-11 does not exist`));
      assert.deepEqual(await put.tags(), ['main']);
      assert.deepEqual((await clean(t, host, ['pr-12', 'pr-12-new'])).gone, []);
    });

    test('the last tag of a repository can go, and a repository that is not there is fine', async t => {
      const host = await start(t);
      const put = openPutter(host, path);
      assert.deepEqual((await clean(t, host, ['pr-12'])).gone, []);
      const image = await put.image('preview', undefined, 'pr-12');
      assert.deepEqual((await clean(t, host, ['pr-12'])).gone, [':pr-12', `@${image.digest}`]);
      assert.equal(await put.has(image.digest), false);
    });

    test('a dry run reports what would be deleted, and deletes nothing', async t => {
      const host = await start(t);
      const put = openPutter(host, path);
      const preview = await put.index([await put.image('a'), await put.image('b')], 'pr-12');
      const dry = await clean(t, host, ['pr-12'], { dryRun: true });
      assert.ok(dry.lines.includes(`Would delete ${host}/acme/app@${preview.digest}`));
      assert.deepEqual(await put.tags(), ['pr-12']);
      assert.deepEqual((await clean(t, host, ['pr-12'])).gone, dry.gone);
    });

    test('a tag that is moved meanwhile stays, with all that it names', async t => {
      const host = await start(t);
      const put = openPutter(host, path);
      const [a, b] = [await put.image('a'), await put.image('b')];
      const before = await put.index([a], 'pr-12');
      let after = before;
      const through = (tagStore: TagStore): TagStore => {
        let reads = 0;
        return {
          ...tagStore,
          async readTags() {
            reads += 1;
            if (reads === 2) after = await put.index([a, b], 'pr-12');
            return tagStore.readTags();
          },
        };
      };
      const { gone, kept, lines } = await clean(t, host, ['pr-12'], { through });
      assert.deepEqual(gone, [`@${before.digest}`]);
      assert.deepEqual(kept.at(-1), [':pr-12', 'it was moved to another image in the meantime']);
      assert.ok(
        lines.includes(`notice: ${host}/acme/app:pr-12 was moved to another image in the meantime, and is kept.`),
      );
      assert.deepEqual(await put.tags(), ['pr-12']);
      for (const { digest } of [after, a, b]) assert.ok(await put.has(digest));
    });

    test('a tag that is set meanwhile keeps what it names', async t => {
      const host = await start(t);
      const put = openPutter(host, path);
      const [a, b] = [await put.image('a'), await put.image('b')];
      const preview = await put.index([a, b], 'pr-12');
      const through = (tagStore: TagStore): TagStore => ({
        ...tagStore,
        async deleteManifest(digest, all) {
          const deleted = await tagStore.deleteManifest(digest, all);
          if (digest === preview.digest) await put.index([b], 'release');
          return deleted;
        },
      });
      const { gone } = await clean(t, host, ['pr-12'], { through });
      assert.deepEqual(gone, [':pr-12', `@${a.digest}`, `@${preview.digest}`].sort());
      assert.ok(await put.has(b.digest));
    });
  });
}

for (const [name, start] of places.slice(1)) {
  test(`${name}: a tag of an image that others name goes alone`, async t => {
    const host = await start(t);
    const put = openPutter(host, path);
    const image = await put.image('image', undefined, 'pr-12', 'v1');
    assert.deepEqual((await clean(t, host, ['pr-12'])).gone, [':pr-12']);
    assert.deepEqual(await put.tags(), ['v1']);
    assert.ok(await put.has(image.digest));
  });
}

test('distribution 2 cannot delete such a tag, which is a notice', async t => {
  const host = await distribution()(t);
  const put = openPutter(host, path);
  const image = await put.image('image', undefined, 'pr-12', 'v1');
  const { gone, lines } = await clean(t, host, ['pr-12']);
  assert.deepEqual(gone, []);
  const [notice = ''] = lines.filter(line => line.startsWith('notice: '));
  assert.match(notice, /Cannot delete \S+:pr-12: other tags use its manifest, .*400 DIGEST_INVALID.*\.$/);
  assert.deepEqual(await put.tags(), ['pr-12', 'v1']);
  assert.ok(await put.has(image.digest));
});

for (const [name, start] of [
  ['distribution 2 without deletion', distribution({ deletion: false })],
  ['distribution 3 without deletion', distribution({ version: 3, deletion: false })],
  [
    'a registry that answers 405',
    registry({ onRequest: ({ method }) => (method === 'DELETE' ? { status: 405 } : undefined) }),
  ],
] as const) {
  test(`${name} is a notice, and all stays`, async t => {
    const host = await start(t);
    const put = openPutter(host, path);
    const preview = await put.index([await put.image('a')], 'pr-12');
    const { gone, kept, lines } = await clean(t, host, ['pr-12']);
    assert.deepEqual(gone, []);
    assert.match(kept.join(), new RegExp(`^@${preview.digest},the registry does not support deletion \\(405.*\\)$`));
    const [notice = '', ...more] = lines.filter(line => line.startsWith('notice: '));
    assert.ok(
      notice.includes(`Cannot delete ${host}/acme/app@${preview.digest}: the registry does not support deletion`),
    );
    assert.deepEqual(more, []);
    assert.deepEqual(await put.tags(), ['pr-12']);
  });
}

test('referrers by the API go with the image', async t => {
  const host = await registry()(t);
  const put = openPutter(host, path);
  const child = await put.image('child');
  const index = await put.index([child], 'pr-12');
  const [sbom, provenance] = [await put.image('sbom', index), await put.image('provenance', child)];
  const signature = await put.image('signature', sbom);
  const main = await put.image('main', undefined, 'main');
  const other = await put.image('other', main);
  await clean(t, host, ['pr-12']);
  for (const { digest } of [child, index, sbom, provenance, signature]) assert.equal(await put.has(digest), false);
  assert.ok((await put.has(main.digest)) && (await put.has(other.digest)));
});

test('a manifest goes before what it points at', async t => {
  const deleted: string[] = [];
  const host = await registry({
    onRequest({ method, url = '' }) {
      if (method === 'DELETE') deleted.push(url.split('/').at(-1) ?? '');
      return undefined;
    },
  })(t);
  const put = openPutter(host, path);
  const child = await put.image('child');
  const index = await put.index([child], 'pr-12');
  const sbom = await put.image('sbom', index);
  const signature = await put.image('signature', sbom);
  await clean(t, host, ['pr-12']);
  assert.deepEqual(
    deleted,
    [signature, sbom, index, child].map(({ digest }) => digest),
  );
});

test('more tags than fit on a page are all seen', async t => {
  const host = await registry({
    onRequest(request) {
      request.url = request.url?.replace('n=1000', 'n=2') ?? '';
      return undefined;
    },
  })(t);
  const put = openPutter(host, path);
  const [own, shared] = [await put.image('own'), await put.image('shared')];
  for (const tag of ['a', 'b', 'c', 'd']) await put.image(tag, undefined, tag);
  await put.index([shared], 'z');
  const preview = await put.index([own, shared], 'pr-12', 'pr-13');
  const { gone } = await clean(t, host, ['pr-12', 'pr-13']);
  assert.deepEqual(gone, [':pr-12', ':pr-13', `@${own.digest}`, `@${preview.digest}`].sort());
  assert.ok(await put.has(shared.digest));
});

test('a tag that a later list has lost keeps what it leads to', async t => {
  const host = await registry()(t);
  const put = openPutter(host, path);
  const shared = await put.image('shared');
  await put.index([shared], 'main');
  await put.index([shared, await put.image('own')], 'pr-12');
  const through = (tagStore: TagStore): TagStore => {
    let reads = 0;
    return {
      ...tagStore,
      async readTags() {
        const tags = new Map((await tagStore.readTags()).tags);
        reads += 1;
        if (reads > 1) tags.delete('main');
        return { tags };
      },
    };
  };
  await clean(t, host, ['pr-12'], { through });
  assert.deepEqual(await put.tags(), ['main']);
  assert.ok(await put.has(shared.digest));
});

test('a list of tags that cannot be read is a Failure, not an empty one', async t => {
  const isList = (url = '') => url.includes('/tags/list');
  const host = await registry({ onRequest: ({ url }) => (isList(url) ? { status: 200, body: '<html>' } : undefined) })(
    t,
  );
  await openPutter(host, path).image('preview', undefined, 'pr-12');
  await assert.rejects(clean(t, host, ['pr-12']), failureWith('Cannot list the tags of', 'is not a list of tags'));
});

test('a tag that the list hides is a Failure', async t => {
  const isList = (url = '') => url.includes('/tags/list');
  const host = await registry({ onRequest: ({ url }) => (isList(url) ? { status: 404 } : undefined) })(t);
  await openPutter(host, path).image('preview', undefined, 'pr-12');
  await assert.rejects(clean(t, host, ['pr-12']), failureWith('acme/app:pr-12: it exists, but'));
});

test('a manifest of another tag that cannot be read ends the clean-up before anything is deleted', async t => {
  let hidden = 'none';
  const host = await registry({
    onRequest: ({ method, url }) => (method === 'GET' && url?.endsWith(hidden) ? { status: 403 } : undefined),
  })(t);
  const put = openPutter(host, path);
  hidden = (await put.image('main', undefined, 'main')).digest;
  const preview = await put.image('preview', undefined, 'pr-12');
  await assert.rejects(clean(t, host, ['pr-12']), failureWith('Cannot read from', '403'));
  assert.ok(await put.has(preview.digest));
});

test('the token that is asked for allows to delete', async t => {
  const login = { username: 'user', password: 'password' };
  const directory = join(await temporaryDirectory(t), 'registry');
  const open = await startRegistry({ directory });
  const image = await openPutter(open.host, path).image('preview', undefined, 'pr-12');
  await open.close();
  const auth = { kind: 'bearer', user: login.username, password: login.password } as const;
  const closed = await startRegistry({ directory, auth });
  t.after(() => closed.close());
  assert.deepEqual((await clean(t, closed.host, ['pr-12'], { login })).gone, [':pr-12', `@${image.digest}`]);
});

suite('a list of tags that may not be all of them', () => {
  type Request = Pick<IncomingMessage, 'url' | 'method'>;
  const isList = ({ url = '' }: Request) => url.includes('/tags/list');
  const queryOf = ({ url = '' }: Request) => new URL(url, 'http://registry').searchParams;
  const listOf = (tags: readonly string[], link?: string) => ({
    status: 200,
    headers: link === undefined ? {} : { Link: `<${link}>; rel="next"` },
    body: JSON.stringify({ name: path, tags }),
  });
  const thousand = Array.from({ length: 999 }, (_, i) => `a-${i}`).sort();
  let pages = 0;
  const isMade = ({ url = '' }: Request) => /\/manifests\/a-\d+$/.test(url);

  /** Tags as the registry tells them once it is filled; `main` and `pr-12` share an image, and 999 more are made up. */
  async function open(t: TestContext, list: (request: Request) => ReturnType<typeof listOf> | { status: number }) {
    let isFilled = false;
    let shared = '';
    const host = await registry({
      onRequest(request) {
        if (!isFilled) return undefined;
        if (isMade(request)) return { status: 200, headers: { 'Docker-Content-Digest': shared } };
        return isList(request) ? list(request) : undefined;
      },
    })(t);
    const put = openPutter(host, path);
    const image = await put.image('shared');
    shared = image.digest;
    const main = await put.index([image], 'main');
    const preview = await put.index([image, await put.image('own')], 'pr-12');
    isFilled = true;
    const expectShared = async () => {
      for (const { digest } of [image, main]) assert.ok(await put.has(digest), digest);
    };
    return { host, put, preview, expectShared };
  }

  for (const [name, list] of [
    [
      'whose second page is not there',
      (request: Request) =>
        queryOf(request).has('last')
          ? { status: 404 }
          : listOf([...thousand, 'pr-12'], `/v2/${path}/tags/list?n=1000&last=pr-12`),
    ],
    ['that is full, without a Link, whatever is asked for', () => listOf([...thousand, 'pr-12'])],
    [
      'that is full, without a Link, and of which the rest is refused',
      (request: Request) => (queryOf(request).has('last') ? { status: 400 } : listOf([...thousand, 'pr-12'])),
    ],
    [
      'whose every page has a Link to a new one',
      () => {
        pages += 1;
        return listOf(['pr-12'], `/v2/${path}/tags/list?page=${pages}`);
      },
    ],
    ['that leads in a circle', () => listOf(['pr-12'], `/v2/${path}/tags/list?n=1000`)],
    ['that has what is no tag', () => listOf(['pr-12', '../../other/manifests/1'])],
  ] as const) {
    test(`${name}: no manifest goes, and that is said`, async t => {
      const { host, put, preview, expectShared } = await open(t, list);
      const { gone, kept, lines } = await clean(t, host, ['pr-12']);
      assert.deepEqual(gone, [':pr-12']);
      assert.ok(kept.some(([one]) => one === `@${preview.digest}`));
      assert.ok(kept.every(([, reason]) => reason === 'tags that the registry does not list may use it'));
      assert.match(
        lines.find(line => line.startsWith('notice: ')) ?? '',
        /^notice: Deleting no manifest of \S+\/acme\/app/,
      );
      await expectShared();
      assert.ok(await put.has(preview.digest));
      assert.equal(await put.has('pr-12'), false);
    });
  }

  test('a tag that such a list lacks can go too', async t => {
    const { host, put, expectShared } = await open(t, () => listOf([...thousand, 'main']));
    assert.deepEqual((await clean(t, host, ['pr-12'])).gone, [':pr-12']);
    assert.equal(await put.has('pr-12'), false);
    await expectShared();
  });

  for (const [name, list] of [
    [
      'without a Link, which goes on after the last tag',
      (request: Request) => {
        const last = queryOf(request).get('last');
        return listOf(last === null ? [...thousand, 'pr-12'] : last === 'pr-12' ? ['main'] : []);
      },
    ],
    [
      'with a Link to what is not there, as Artifactory has it',
      (request: Request) => {
        const last = queryOf(request).get('last');
        if (last === '1000') return { status: 404 };
        return last === null
          ? listOf([...thousand, 'pr-12'], `/v2/${path}/tags/list?n=1000&last=1000`)
          : listOf(last === 'pr-12' ? ['main'] : []);
      },
    ],
  ] as const) {
    test(`a full page ${name}: the rest is found`, async t => {
      const { host, put, preview, expectShared } = await open(t, list);
      const { gone, kept } = await clean(t, host, ['pr-12']);
      assert.ok(gone.includes(`@${preview.digest}`));
      assert.deepEqual(
        kept.map(([, reason]) => reason),
        ['other tags use it'],
      );
      assert.equal(await put.has('pr-12'), false);
      await expectShared();
    });
  }
});

suite('what a registry answers is not taken for more than it says', () => {
  test('a manifest of another tag that is not there, though the tag is', async t => {
    let hidden = 'none';
    const host = await registry({
      onRequest: ({ method, url }) => (method === 'GET' && url?.endsWith(hidden) ? { status: 404 } : undefined),
    })(t);
    const put = openPutter(host, path);
    const shared = await put.image('shared');
    hidden = (await put.index([shared], 'main')).digest;
    await put.index([shared], 'pr-12');
    await assert.rejects(clean(t, host, ['pr-12']), failureWith('Cannot clean up: the tag main names', hidden));
    assert.ok(await put.has(shared.digest));
  });

  test('404 for a deletion, though the manifest stays', async t => {
    const host = await registry({ onRequest: ({ method }) => (method === 'DELETE' ? { status: 404 } : undefined) })(t);
    const put = openPutter(host, path);
    const preview = await put.image('preview', undefined, 'pr-12');
    const { gone, kept } = await clean(t, host, ['pr-12']);
    assert.deepEqual(gone, []);
    assert.deepEqual(kept, [[`@${preview.digest}`, 'the registry does not support deletion (404)']]);
  });

  test('403 for a tag that is not there, as Google has it: the list of tags decides', async t => {
    let isFilled = false;
    const host = await registry({
      onRequest: ({ method, url }) =>
        isFilled && method === 'HEAD' && url?.endsWith('/pr-11') ? { status: 403 } : undefined,
    })(t);
    const put = openPutter(host, path);
    isFilled = true;
    await assert.rejects(clean(t, host, ['pr-11']), failureWith('Cannot read from', '403'), 'nothing is listed at all');
    await put.image('preview', undefined, 'pr-12');
    const { gone, lines } = await clean(t, host, ['pr-11', 'pr-12']);
    assert.ok(lines.includes(`${host}/acme/app:pr-11 does not exist`));
    assert.ok(gone.includes(':pr-12'));
  });

  test('an index of more manifests than a clean-up can see through', async t => {
    const many = Array.from({ length: 6000 }, (_, i) => digestOf(`${i}`));
    const manifests = many.map(digest => ({ mediaType: imageType, digest, size: 2 }));
    const body = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests });
    let reads = 0;
    const huge = await registry({
      onRequest({ method, url = '' }) {
        if (method === 'GET' && url.includes('/tags/list')) return { status: 200, body: '{"tags":["pr-12"]}' };
        if (url.endsWith(digestOf(body)) || url.endsWith('/pr-12')) {
          return {
            status: 200,
            headers: { 'Docker-Content-Digest': digestOf(body) },
            body: method === 'HEAD' ? '' : body,
          };
        }
        reads += method === 'GET' && url.includes('/manifests/') ? 1 : 0;
        return undefined;
      },
    })(t);
    await assert.rejects(clean(t, huge, ['pr-12']), failureWith('Cannot clean up', 'more than 5000 manifests'));
    assert.equal(reads, 0);
  });
});

suite("Google's registries, which delete no manifest that has a tag", () => {
  /** Refuses to delete what a tag names. */
  async function open(t: TestContext) {
    const tagged = new Set<string>();
    const host = await registry({
      onRequest({ method, url = '' }) {
        const name = url.split('/').at(-1) ?? '';
        if (method !== 'DELETE') return undefined;
        if (!name.startsWith('sha256:')) tagged.delete(name);
        else if (tagged.size > 0) {
          const code = 'GOOGLE_MANIFEST_DANGLING_TAG';
          return { status: 400, body: JSON.stringify({ errors: [{ code, message: 'Manifest is still referenced' }] }) };
        }
        return undefined;
      },
    })(t);
    return { host, put: openPutter(host, path), tagged };
  }

  test('its tags go first, and then the manifest', async t => {
    const { host, put, tagged } = await open(t);
    const preview = await put.image('preview', undefined, 'pr-12', 'pr-12-new');
    const main = await put.image('main', undefined, 'main');
    for (const tag of ['pr-12', 'pr-12-new']) tagged.add(tag);
    const { gone, kept } = await clean(t, host, ['pr-12', 'pr-12-new']);
    assert.deepEqual(gone, [':pr-12', ':pr-12-new', `@${preview.digest}`]);
    assert.deepEqual(kept, []);
    assert.ok(!(await put.has(preview.digest)) && (await put.has(main.digest)));
  });

  test('a tag that came meanwhile keeps it', async t => {
    const { host, put, tagged } = await open(t);
    const preview = await put.image('preview', undefined, 'pr-12');
    for (const tag of ['pr-12', 'v1']) tagged.add(tag);
    const { gone, kept } = await clean(t, host, ['pr-12']);
    assert.deepEqual(gone, [':pr-12']);
    assert.deepEqual(kept, [[`@${preview.digest}`, 'a tag points to it again']]);
    assert.ok(await put.has(preview.digest));
  });
});

test('a real registry whose full pages have no Link: the tags after them count', { timeout: 120_000 }, async t => {
  const { host, close } = await startCraneRegistry();
  t.after(close);
  const put = openPutter(host, path);
  const shared = await put.image('shared');
  const preview = await put.index([shared], '0-preview');
  await put.image('many', undefined, ...Array.from({ length: 1000 }, (_, i) => `m-${i}`));
  await put.index([shared, await put.image('own')], 'z-main');
  const { gone, kept } = await clean(t, host, ['0-preview'], { dryRun: true });
  assert.deepEqual(kept, [[`@${shared.digest}`, 'other tags use it']]);
  assert.deepEqual(gone, [':0-preview', `@${preview.digest}`]);
});
