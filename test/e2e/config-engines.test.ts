import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Failure } from '../../src/lib/failure.ts';
import { checkImage } from '../../src/oci/check-image.ts';
import { labelsOf, parseConfig } from '../../src/oci/config.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { crane } from '../support/go-program.ts';
import { imageType, openPutter } from '../support/put-content.ts';
import { type Registry, startRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';

const tar = Buffer.alloc(1024);
const diffId = digestOf(tar);
const valid = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [diffId] } };
const withConfig = (config: unknown) => ({ ...valid, config });

/** Image configs, and whether docker, podman's library and crane all read them. */
const configs: Readonly<Record<string, readonly [isValid: boolean, json: unknown]>> = {
  'all fields': [
    true,
    {
      ...{ ...valid, 'os.version': '', 'os.features': [], variant: 'v1', author: 'a', docker_version: '', Size: 1 },
      created: '0000-02-29T23:59:59.123456789123+23:59',
      config: {
        ...{ User: '1', WorkingDir: '/', StopSignal: '9', Hostname: '', Domainname: '', Image: '', MacAddress: '' },
        ...{ Env: ['A=1'], Entrypoint: [], Cmd: ['a'], Shell: ['sh'], OnBuild: [], Labels: { a: '' } },
        ...{ ExposedPorts: { '80/tcp': {}, '81': null, '82': { x: 1 } }, Volumes: {}, ArgsEscaped: true, Tty: false },
        ...{ StopTimeout: -1, Healthcheck: { Test: ['NONE'], Interval: 9223372036854775807n, Retries: 0, Other: 'x' } },
      },
      history: [{ created: '2026-01-31T12:00:00Z', created_by: '', author: '', comment: '', empty_layer: false }],
    },
  ],
  'null everywhere': [
    true,
    {
      ...withConfig({ Env: null, User: null, Labels: null, Healthcheck: null, Tty: null }),
      created: null,
      history: null,
    },
  ],
  'config null': [true, withConfig(null)],
  'unknown fields': [true, { ...withConfig({ Foo: { a: [1.5] }, entry_point: 'x' }), foo: 1 }],
  'lower case': [true, withConfig({ labels: { a: '1' }, cmd: ['a'] })],
  'a ligature is another letter': [true, { ...valid, 'con\ufb01g': 5 }],
  'Entrypoint is a string': [false, withConfig({ Entrypoint: 'sh -c' })],
  'Cmd is a string': [false, withConfig({ Cmd: 'sh' })],
  'Shell is a string': [false, withConfig({ Shell: 'sh' })],
  'Env is an object': [false, withConfig({ Env: { A: '1' } })],
  'User is a number': [false, withConfig({ User: 1000 })],
  'ExposedPorts is a list': [false, withConfig({ ExposedPorts: ['80'] })],
  'ExposedPorts has flags': [false, withConfig({ ExposedPorts: { '80/tcp': true } })],
  'Volumes is a list': [false, withConfig({ Volumes: ['/data'] })],
  'WorkingDir is a number': [false, withConfig({ WorkingDir: 1 })],
  'Labels is a list': [false, withConfig({ Labels: ['a=1'] })],
  'a label is a number': [false, withConfig({ Labels: { a: 1 } })],
  'StopSignal is a number': [false, withConfig({ StopSignal: 9 })],
  'Healthcheck is a string': [false, withConfig({ Healthcheck: 'curl' })],
  'Healthcheck.Test is a string': [false, withConfig({ Healthcheck: { Test: 'curl' } })],
  'Healthcheck.Interval has a unit': [false, withConfig({ Healthcheck: { Interval: '5s' } })],
  'Healthcheck.Interval is a fraction': [false, withConfig({ Healthcheck: { Interval: 1.5 } })],
  'Healthcheck.Interval is too large': [false, withConfig({ Healthcheck: { Interval: 9223372036854775808n } })],
  'OnBuild is a string': [false, withConfig({ OnBuild: 'RUN x' })],
  'ArgsEscaped is a string': [false, withConfig({ ArgsEscaped: 'true' })],
  'MacAddress is a number': [false, withConfig({ MacAddress: 1 })],
  'StopTimeout is a string': [false, withConfig({ StopTimeout: '5' })],
  'labels in lower case with a number': [false, withConfig({ labels: { a: 1 } })],
  'Labels with a long s': [false, withConfig({ 'Label\u017f': 5 })],
  'WorkingDir with the Kelvin sign': [false, withConfig({ 'Wor\u212aingDir': 5 })],
  'created is a word': [false, { ...valid, created: 'now' }],
  'created is a date': [false, { ...valid, created: '2026-01-31' }],
  'created on no day': [false, { ...valid, created: '2026-02-30T00:00:00Z' }],
  'created in a leap second': [false, { ...valid, created: '2026-12-31T23:59:60Z' }],
  'created in no zone': [false, { ...valid, created: '2026-01-31T00:00:00+25:00' }],
  'history is an object': [false, { ...valid, history: {} }],
  'history at no time': [false, { ...valid, history: [{ created: 'x' }] }],
  'empty_layer is a string': [false, { ...valid, history: [{ empty_layer: 'true' }] }],
  'architecture is a number': [false, { ...valid, architecture: 1 }],
  'os.features is a string': [false, { ...valid, 'os.features': 'x' }],
  'no rootfs.type': [false, { ...valid, rootfs: { diff_ids: [diffId] } }],
  'another rootfs.type': [false, { ...valid, rootfs: { type: 'x', diff_ids: [diffId] } }],
  'more diff_ids than layers': [false, { ...valid, rootfs: { type: 'layers', diff_ids: [diffId, diffId] } }],
  'Size is a string': [false, { ...valid, Size: '5' }],
  'container_config.Env is an object': [false, { ...valid, container_config: { Env: {} } }],
};

/** JSON with big integers as numbers. */
const textOf = (json: unknown) =>
  JSON.stringify(json, (_, value) => (typeof value === 'bigint' ? `@${value}` : value)).replace(/"@(\d+)"/g, '$1');

function isValidHere(text: string): boolean {
  try {
    checkImage({ config: parseConfig(Buffer.from(text), 'the config'), layers: ['the one'] });
    return true;
  } catch (error) {
    assert.ok(error instanceof Failure, String(error));
    return false;
  }
}

suite('an image config is valid if docker, skopeo and crane read it', () => {
  let directory: string;
  let registry: Registry;
  let docker: Docker;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'config-engines-'));
    registry = await startRegistry({ directory });
    docker = await startDocker();
  });
  after(async () => {
    await docker.close();
    await registry.close();
    await rm(directory, { recursive: true });
  });

  async function put(text: string): Promise<string> {
    const { blob, manifest } = openPutter(registry.host, 'acme/app');
    const config = await blob('application/vnd.oci.image.config.v1+json', text);
    const layer = await blob('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar));
    const { digest } = await manifest({ mediaType: imageType, config, layers: [layer] });
    return `${registry.host}/acme/app@${digest}`;
  }

  const isRead = (answer: Promise<string>) =>
    answer.then(
      () => true,
      () => false,
    );

  for (const [name, [isValid, json]] of Object.entries(configs)) {
    test(`${name}: ${isValid ? 'valid' : 'invalid'}`, async () => {
      const image = await put(textOf(json));
      const readers = await Promise.all([
        isRead(docker.run('pull', '--quiet', image)),
        isRead(run('skopeo', ['inspect', '--config', '--tls-verify=false', `docker://${image}`])),
        isRead(run(crane.path, ['validate', '--remote', image])),
      ]);
      assert.equal(readers.every(Boolean), isValid, `docker, skopeo, crane: ${readers}`);
      assert.equal(isValidHere(textOf(json)), isValid);
    });
  }

  test('labels in lower case are the labels', async () => {
    const text = textOf(withConfig({ labels: { a: '1' } }));
    const image = await put(text);
    await docker.run('pull', '--quiet', image);
    const labels = JSON.parse(await docker.run('inspect', '--format', '{{json .Config.Labels}}', image));
    assert.deepEqual(labels, { a: '1' });
    assert.deepEqual(labelsOf(parseConfig(Buffer.from(text), 'the config')), labels);
  });
});
