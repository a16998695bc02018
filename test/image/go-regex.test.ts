import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findGo } from '../../scripts/install-go-program.ts';
import { loadGoRegex } from '../../src/image/store-layer/go-regex.ts';
import { failureWith } from '../support/failure.ts';
import { run } from '../support/run.ts';

const store = '/nix/store/0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6-app-1.0';
const expressions = [
  ...[
    `^${store}`,
    '.*',
    '',
    'a*',
    'b|',
    '^',
    '$',
    '\\bapp\\b',
    '[^/]+$',
    '(?i)APP',
    '[[:alpha:]]+',
    '\\pL+',
    '\\Q.0\\E',
  ],
  ...[
    '(?P<name>[a-z]+)-(\\d)',
    '(?s).',
    '(a|ap)(p*)',
    'é',
    '日|本',
    '[^a-z]',
    '\\x{e9}',
    '(?U)a+',
    '(x)?app',
    '\\z',
    '\\s',
  ],
];
const templates = ['', 'x', '$1', `\${1}x`, '$1x', '$name!', `\${name}`, '$$', '$', '$9', `\${`, '$2$1'];
const paths = [
  ...[store, `${store}/bin/app`, `${store}/é/日本`, `${store}/a\nb`, '', 'aaa', 'baaac', 'ab'].map(text =>
    Buffer.from(text),
  ),
  Buffer.from('61ff62c3', 'hex'),
];

const program = `package main
import ("encoding/json"; "os"; "regexp")
func main() {
  var in struct { Expressions, Templates []string; Paths [][]byte }
  text, _ := os.ReadFile("input.json")
  json.Unmarshal(text, &in)
  out := [][]interface{}{}
  for _, e := range in.Expressions {
    re := regexp.MustCompile(e)
    for _, p := range in.Paths {
      row := []interface{}{re.Match(p)}
      for _, t := range in.Templates { row = append(row, append([]byte{}, re.ReplaceAll(p, []byte(t))...)) }
      out = append(out, row)
    }
  }
  json.NewEncoder(os.Stdout).Encode(out)
}
`;

let official: readonly (readonly unknown[])[];

before(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'go-regex-'));
  after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'main.go'), program);
  const input = { Expressions: expressions, Templates: templates, Paths: paths.map(path => path.toString('base64')) };
  writeFileSync(join(directory, 'input.json'), JSON.stringify(input));
  const { go, env } = await findGo();
  official = JSON.parse(await run(go, ['run', 'main.go'], { cwd: directory, env: { ...process.env, ...env } }));
});

test('an expression matches and replaces as in Go', async () => {
  const parse = await loadGoRegex();
  const rows = expressions.flatMap(expression => {
    const { matches, replaceAll } = parse(expression);
    return paths.map(bytes => {
      const path = bytes.toString('latin1');
      const replaced = templates.map(template => Buffer.from(replaceAll(path, template), 'latin1').toString('base64'));
      return [matches(path), ...replaced];
    });
  });
  assert.equal(official.length, expressions.length * paths.length);
  for (const [i, row] of rows.entries()) {
    const expression = expressions[Math.floor(i / paths.length)];
    const path = paths[i % paths.length]?.toString('latin1');
    assert.deepEqual({ expression, path, row }, { expression, path, row: official[i] });
  }
});

test('no expression takes more than linear time', async () => {
  const parse = await loadGoRegex();
  const path = 'a'.repeat(4096);
  for (const expression of ['(a+)+!', '(a|a)*!', '(a|aa)+$', '(.*)*x', '([a-z]+)*\\d']) {
    const start = performance.now();
    parse(expression).matches(path);
    parse(expression).replaceAll(`${path}!`, 'x');
    assert.ok(performance.now() - start < 5000, expression);
  }
});

test('what Go does not take is a Failure', async () => {
  const parse = await loadGoRegex();
  for (const expression of ['(', '(?=x)', '(?<!x)', '\\1', 'a**', '[b-a]', 'a{1001}']) {
    assert.throws(() => parse(expression), failureWith(`regex "${expression}"`, 'not a valid Go regular expression'));
  }
});
