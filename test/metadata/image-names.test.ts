import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseImageNames } from '../../src/metadata/image-names.ts';
import { failureWith } from '../support/failure.ts';

suite('names of images', () => {
  for (const [text, ...names] of [
    ['name/foo', 'name/foo'],
    ['name/foo,name/bar', 'name/foo', 'name/bar'],
    ['name/foo\n# none\n\n  name/bar', 'name/foo', 'name/bar'],
    ['name=name/bar\nname/foo,enable=false\nname=ghcr.io/UserName/Foo,enable=true', 'name/bar', 'ghcr.io/username/foo'],
    ['name/foo,enable=false'],
    ['app\nname/foo\ndocker.io/library/app,enable=true\nName/Foo', 'app', 'name/foo'],
    ['"name/foo,enable=false"\n"name=name/bar,enable=true"', 'name/bar'],
    ['app,app,index.docker.io/library/app', 'app'],
    ['name/foo,name=name/bar,enable=true', 'name/bar'],
  ] as const) {
    test(text, () => assert.deepEqual(parseImageNames(text), names));
  }

  for (const line of ['value=name/foo', 'name/foo,enable=bar', 'name/foo,bar=baz', 'name=,enable=true']) {
    test(`not ${line}`, () => assert.throws(() => parseImageNames(line), failureWith(`"${line}"`)));
  }
});
