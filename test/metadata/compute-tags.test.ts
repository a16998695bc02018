import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { computeTags } from '../../src/metadata/compute-tags.ts';
import { parseFlavor } from '../../src/metadata/flavor.ts';
import { parseTagRules } from '../../src/metadata/tag-rule.ts';
import { failureWith } from '../support/failure.ts';
import { contextOf } from './events.ts';
import cases from './metadata-action-cases.json' with { type: 'json' };

interface Case {
  readonly event: string;
  readonly tags: readonly string[];
  readonly flavor?: readonly string[];
  readonly names: readonly string[];
}

function compute(event: string, tags: readonly string[], flavor: readonly string[] = []) {
  return computeTags(parseTagRules(tags.join('\n')), parseFlavor(flavor.join('\n')), contextOf(event));
}

suite('the tags of docker/metadata-action 6', () => {
  for (const { event, tags, flavor, names } of cases as readonly Case[]) {
    test(`${event}: ${tags.join(' ') || 'the default rules'} ${flavor?.join(' ') ?? ''}`, () => {
      const computed = compute(event, tags, flavor);
      assert.deepEqual(computed.names, names);
      assert.equal(computed.version, names[0]);
    });
  }
});

suite('further events', () => {
  for (const [event, tags, ...names] of [
    ['merge-group', [], 'gh-readonly-queue-main-pr-7-0d1a26e'],
    ['merge-group', ['type=edge,branch=main', 'type=sha'], 'sha-860c190'],
    ['workflow-run', [], 'master'],
    ['workflow-run', ['type=edge'], 'edge'],
    ['workflow-dispatch-dev', [], 'dev'],
    ['create-branch', ['type=raw,value=x,enable={{is_default_branch}}'], 'x'],
    ['create-tag', [], 'v2.1.8-beta.67', 'latest'],
    ['create-tag', ['type=semver,pattern={{major}}'], '2.1.8-beta.67'],
    ['discussion-created', ['type=raw,value=x,enable={{is_default_branch}}'], 'x'],
    ['issue-opened', ['type=raw,value=x,enable={{is_not_default_branch}}']],
    ['nothing', ['type=raw,value=x,enable={{is_default_branch}}']],
    ['nothing', ['type=raw,value={{branch}}{{tag}}{{sha}}{{base_ref}}']],
    ['empty', ['type=edge', 'type=schedule', 'type=match,pattern=.*']],
    ['push-dev', ['type=match,pattern=.*', 'type=semver,pattern={{raw}}', 'type=ref,event=tag', 'type=ref,event=pr']],
  ] as const) {
    test(`${event}: ${tags.join(' ')}`, () => assert.deepEqual(compute(event, tags).names, names));
  }
});

suite('expressions', () => {
  for (const [event, value, name] of [
    ['push-dev', '{{ branch }}', 'dev'],
    ['push-dev', '{{{branch}}}', 'dev'],
    ['push-dev', 'a\\{{branch}}', 'a-branch-'],
    ['push-dev', 'a\\{{nothing}}{{branch}}', 'a-nothing-dev'],
    ['push-dev', 'a\\\\{{branch}}', 'a-dev'],
    ['push-dev', '{{sha}}', '860c190'],
    ['push-dev', '{{is_default_branch}}-{{is_not_default_branch}}', 'false-true'],
    ['push-odd-branch', '{{branch}}', 'my-feature-1245'],
    ['tag-v1.1.1', '{{tag}}-{{base_ref}}', 'v1.1.1-master'],
    ['pull-request', '{{base_ref}}', 'master'],
    ['push-dev', "{{date 'YYYY-MM-DDTHH.mm.ss'}}", '2020-01-10T00.30.00'],
    ['push-dev', "{{date 'gggg.ww'}}", '2020.02'],
    ['push-dev', "{{date 'GGGG.[W]WW.E'}}", '2020.W02.5'],
    ['push-dev', "{{date 'DDDD'}}", '010'],
    ['push-dev', "{{date 'X'}}", '1578616200'],
    ['push-dev', "{{date 'x'}}", '1578616200000'],
    ['push-dev', "{{date 'Q'}}", '1'],
    ['push-dev', "{{date 'MMM.Do'}}", 'Jan.10th'],
    ['push-dev', "{{date 'HHmm ZZ' tz='America/New_York'}}", '1930--0500'],
    ['push-dev', "{{date 'YYYYMMDD-HHmmss z' tz='Asia/Tokyo'}}", '20200110-093000-JST'],
    ['push-dev', "{{commit_date 'YYYYMMDD'}}", '20200110'],
    ['push-dev', '{{commit_date YYYY}}', '2020-01-10T00-30-00Z'],
  ] as const) {
    test(`${event}: ${value}`, () => {
      assert.deepEqual(compute(event, [`type=raw,value=${value}`]).names, [name]);
    });
  }

  test('a comma in a format needs quotes', () => {
    const line = `type=raw,"value={{date 'dddd, MMMM Do YYYY, h:mm:ss a'}}"`;
    assert.deepEqual(compute('push-dev', [line]).names, ['Friday-January-10th-2020-12-30-00-am']);
  });

  test('summer time counts', () => {
    const summer = { ...contextOf('push-dev'), now: Date.parse('2020-07-01T00:30:00Z') };
    const rules = parseTagRules("type=raw,value={{date 'HHmm' tz='Europe/Berlin'}}");
    assert.deepEqual(computeTags(rules, parseFlavor(''), summer).names, ['0230']);
  });

  test('without a known commit time it is now', () => {
    const { commitTime: _, ...context } = contextOf('push-dev');
    const rules = parseTagRules("type=raw,value={{commit_date 'YYYY'}}");
    assert.deepEqual(computeTags(rules, parseFlavor(''), context).names, ['2020']);
  });

  test('what Handlebars escapes for HTML shows, but not between three braces', () => {
    const context = { ...contextOf('push-dev'), ref: 'refs/heads/a&b=c' };
    const names = (line: string) => computeTags(parseTagRules(line), parseFlavor(''), context).names;
    assert.deepEqual(names('type=raw,value={{branch}}'), ['a-amp-b-x3D-c']);
    assert.deepEqual(names('type=raw,value={{{branch}}}'), ['a-b-c']);
  });

  test('a short hash as long as the workflow wants it', () => {
    const context = { ...contextOf('push-dev'), shortShaLength: 12 };
    assert.deepEqual(computeTags(parseTagRules('type=sha'), parseFlavor(''), context).names, ['sha-860c1904a1ce']);
  });
});

suite('versions', () => {
  for (const [line, ...names] of [
    ['"value=x,type=raw"', 'x'],
    ['"type=match,pattern=(\\d),group=1,value=v1"', '1', 'latest'],
    ['"a,b"', 'a-b'],
    ['type=semver,pattern={{version}},value=v1.2.3+build.5', '1.2.3', 'latest'],
    ['type=semver,pattern={{version}}-{{build}},value=v1.2.3+build.5', '1.2.3-build-5', 'latest'],
    ['type=semver,pattern={{raw}},value=v1.2.3', 'v1.2.3', 'latest'],
    ['type=semver,pattern=v{{major}},value=0.1.2', 'v0', 'latest'],
    ['type=semver,pattern=x{{raw}},value=1.2.3-rc.1', '1.2.3-rc.1'],
    ['type=semver,pattern={{version}},value=1.2'],
    ['type=semver,pattern={{version}},value=release/1.2.3'],
    ['type=semver,pattern={{version}},value={{branch}}'],
    ['type=semver,pattern={{version}},match=no(x),value=1.2.3', '1.2.3', 'latest'],
    ['type=pep440,pattern={{version}},value=1!2.0', '1-2.0', 'latest'],
    ['type=pep440,pattern={{version}},value=2.0.post1', '2.0.post1'],
    ['type=pep440,pattern={{version}},value=2.0rc1', '2.0rc1'],
    ['type=pep440,pattern={{major}}.{{minor}}.{{patch}},value=2', '2.0.0', 'latest'],
    ['type=pep440,pattern={{version}},value=not a version'],
    ['type=match,pattern=/V(\\d+)/i,group=1,value=v7x', '7', 'latest'],
    ['type=match,"pattern=\\d{1,2}",value=v12', '12', 'latest'],
  ] as const) {
    test(line, () => assert.deepEqual(compute('push-dev', [line]).names, names));
  }
});

suite('why a rule for this event gave no tag', () => {
  for (const [line, note] of [
    ['type=match,pattern=x', 'x does not match sometag'],
    ['type=match,pattern=s,group=3', 'has no group 3'],
    ['type=semver,pattern={{version}}', 'sometag is not a semver version'],
    ['type=pep440,pattern={{version}}', 'sometag is not a PEP 440 version'],
  ] as const) {
    test(line, () => {
      const { notes, names } = compute('tag-sometag', [line]);
      assert.deepEqual(names, []);
      assert.equal(notes.length, 1);
      assert.ok(notes[0]?.includes(note) && notes[0].includes(line), notes[0]);
    });
  }
});

suite('a rule does not become the tag of something else', () => {
  for (const [event, line, ...parts] of [
    [
      'pull-request',
      'type=raw,value={{branch}}-latest',
      '{{branch}} is empty',
      '"-latest" cannot be turned into a valid tag',
    ],
    ['pull-request', 'type=raw,value=latest,prefix={{branch}}-', '{{branch}} is empty'],
    [
      'pull-request',
      'type=sha,format=long,prefix=.{{branch}}',
      '{{branch}} is empty',
      'cannot be turned into a valid tag',
    ],
    ['push-dev', 'type=raw,value={{tag}}-1.0', '{{tag}} is empty', '"-1.0" cannot be turned into a valid tag'],
    ['push-dev', 'type=raw,value=latest{{base_ref}}', '{{base_ref}} is empty', 'the tag would be latest'],
    ['push-dev', 'type=raw,value={{{ tag }}}Latest', '{{tag}} is empty', 'the tag would be Latest'],
    ['push-dev', 'type=raw,value=日本', '"日本" cannot be turned into a valid tag', 'ASCII'],
    ['push-dev', 'type=raw,value=#latest', '"#latest" cannot be turned into a valid tag'],
  ] as const) {
    test(`${event}: ${line}`, () => {
      const { names, notes } = compute(event, [line]);
      assert.deepEqual(names, []);
      assert.equal(notes.length, 1);
      for (const part of [line, ...parts]) assert.ok(notes[0]?.includes(part), `${notes[0]} has no ${part}`);
    });
  }

  test('latest with an affix of the flavor', () => {
    const flavor = ['latest=true,prefix={{branch}}-,onlatest=true'];
    assert.deepEqual(compute('push-dev', ['type=raw,value=x'], flavor).names, ['dev-x', 'dev-latest']);
    const { names, notes } = compute('pull-request', ['type=raw,value=x,prefix='], flavor);
    assert.deepEqual(names, ['x']);
    assert.match(notes[0] ?? '', /No tag latest: \{\{branch\}\} is empty/);
  });
});

suite('what metadata-action leaves to fail later is mended', () => {
  for (const [name, tags, ...names] of [
    ['more than 128 characters', [`type=raw,value=${'x'.repeat(200)}`], 'x'.repeat(128)],
    ['a dash in front', ['type=raw,value={{base_ref}}-foo']],
    ['a dot in front', ['type=raw,value=.foo']],
    ['nothing but dashes', ['type=raw,value=-.-']],
    ['a repeat that differs in case', ['type=raw,value=Foo', 'type=raw,value=foo', 'type=raw,value=bar'], 'Foo', 'bar'],
    ['latest asked for twice', ['type=raw,value=latest', 'type=raw,value=1,priority=900'], '1', 'latest'],
  ] as const) {
    test(name, () => assert.deepEqual(compute('push-dev', tags).names, names));
  }

  test('latest that is a tag already', () => {
    assert.deepEqual(compute('push-dev', ['type=raw,value=latest'], ['latest=true']).names, ['latest']);
  });
});

suite('flavor', () => {
  for (const [flavor, ...names] of [
    [['latest=true'], 'x', 'latest'],
    [['latest=auto'], 'x'],
    [['prefix=p-', 'suffix=-s', 'latest=true'], 'p-x-s', 'latest'],
    [['prefix=p-,onlatest=true', 'suffix=-s', 'latest=true'], 'p-x-s', 'p-latest'],
    [['prefix={{branch}}-'], 'dev-x'],
    [['"latest=true,suffix=-s,onlatest=true"'], 'x-s', 'latest-s'],
    [['suffix=a=b'], 'xa-b'],
  ] as const) {
    test(flavor.join(' '), () => assert.deepEqual(compute('push-dev', ['type=raw,value=x'], flavor).names, names));
  }

  for (const line of ['randomstr', 'unknown=foo', 'latest', 'latest=foo', 'onlatest=true', 'prefix=a,onlatest=maybe']) {
    test(`not ${line}`, () =>
      assert.throws(() => parseFlavor(line), failureWith(`"${line}"`, 'latest=auto, true or false')));
  }
});

test('a flavor that is wrong is quoted although no rule is for the event', () => {
  const flavor = parseFlavor('prefix={{nope}}');
  const rules = parseTagRules('type=ref,event=tag');
  assert.throws(
    () => computeTags(rules, flavor, contextOf('push-dev')),
    failureWith('"prefix={{nope}}"', '{{branch}}'),
  );
});

test('without a default branch to be known edge says so', () => {
  const { defaultBranch: _, ...context } = contextOf('push-dev');
  const { notes } = computeTags(parseTagRules('type=edge'), parseFlavor(''), context);
  assert.deepEqual(notes, ['No tag from "type=edge": the default branch is unknown; name it with branch=.']);
});

suite('an invalid line is quoted, with the valid values', () => {
  for (const [line, ...parts] of [
    ['type=foo', 'schedule, semver, pep440, match, edge, ref, raw, sha'],
    ['type=ref', 'event= is missing'],
    ['type=ref,event=foo', 'branch, tag or pr'],
    ['type=raw', 'value= is missing'],
    ['type=semver', 'pattern= is missing'],
    ['type=pep440', 'pattern= is missing'],
    ['type=match', 'pattern= is missing'],
    ['type=match,pattern=(', 'Invalid regular expression'],
    ['type=match,pattern=/x/q', 'flags'],
    ['type=raw,value=a,b', 'twice', '"value=a,b"'],
    ['type=match,pattern=x,group=foo', 'group "foo"'],
    ['type=semver,pattern={{raw}},match=[', 'Invalid regular expression'],
    ['type=sha,format=foo', 'short or long'],
    ['type=sha,foo', '"value"', 'format, prefix, enable, priority, suffix'],
    ['type=raw,value=x,colour=red', '"colour"', 'value, enable, priority, prefix, suffix'],
    ['type=raw,value=x,priority=high', 'priority "high"'],
    ['type=raw,value=x,enable=yes', 'enable must be true or false'],
    ['type=raw,value={{foo}}', '{{foo}}', '{{branch}}, {{tag}}'],
    ['type=raw,value={{branch', 'no matching "}}"'],
    ['type=raw,value={{branch x}}', 'takes no arguments'],
    ['type=raw,value={{#if x}}', '{{#if x}}'],
    ["type=raw,value={{date 'YYYY' tz='Mars/Base'}}", 'Mars/Base', 'IANA'],
    ["type=raw,value={{date 'YYYY' zone='UTC'}}", "tz='ZONE'"],
    ['type=raw,value={{date}}', "{{date 'FORMAT'}}"],
    ['type=semver,pattern={{branch}},value=1.2.3', '{{branch}}', '{{major}}'],
    ['type=semver,pattern={{branch}},value=1.2.3-rc1', '{{branch}}', '{{major}}'],
    ['type=semver,pattern={{version}},match=v,value=v1.2.3', 'parentheses'],
    ['type=semver,pattern={{version}},match=v', 'parentheses'],
    ['type=semver,pattern={{branch}}', '{{branch}}', '{{major}}'],
    ['type=pep440,pattern={{prerelease}}', '{{prerelease}}', '{{major}}'],
    ["type=schedule,pattern={{date 'YYYY' tz='Mars/Base'}}", 'Mars/Base', 'IANA'],
    ['type=schedule,pattern={{branch}}', '{{branch}}', '{{commit_date}}'],
    ['type=ref,event=tag,prefix={{nope}}', '{{nope}}', '{{branch}}'],
    ['type=sha,enable=false,suffix={{nope}}', '{{nope}}', '{{branch}}'],
    ['type=raw,value=x,prefix={{nope}}', '{{nope}}'],
  ] as const) {
    test(line, () => assert.throws(() => compute('push-dev', [line]), failureWith(line, ...parts)));
  }
});
