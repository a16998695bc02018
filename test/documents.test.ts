import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inputNames, takesInput } from '../src/inputs/input-table.ts';
import type { Mode } from '../src/inputs/mode.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const documents = globSync(['*.md', 'docs/*.md'], { cwd: root }).toSorted();
const read = (name: string) => readFileSync(`${root}/${name}`, 'utf8');

function inputsOf(mode: string): readonly string[] {
  return inputNames.filter(name => takesInput(mode as Mode, name));
}

/** Anchors of a document's headings, as GitHub makes them: lower case, no punctuation, hyphens for spaces. */
function anchorsOf(name: string): string[] {
  return [...read(name).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

for (const name of documents) {
  test(`the links of ${name} lead somewhere`, () => {
    const links = [...read(name).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    for (const link of links.filter(target => !/^https?:/.test(target))) {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? name : posix.join(posix.dirname(name), path);
      assert.ok(existsSync(`${root}/${file}`), `${link}: no such file`);
      if (anchor !== undefined) assert.ok(anchorsOf(file).includes(anchor), `${link}: no such heading`);
    }
  });
}

test('every document is reachable from the README', () => {
  const seen = new Set(['README.md']);
  for (const name of seen) {
    for (const [, path = ''] of read(name).matchAll(/\]\(([^)\s#]+\.md)[^)]*\)/g)) {
      const file = posix.join(posix.dirname(name), path);
      if (documents.includes(file)) seen.add(file);
    }
  }
  assert.deepEqual(
    documents.filter(name => !seen.has(name)),
    [],
  );
});

test('docs/examples.md names every example that has a workflow', () => {
  const named = [...read('docs/examples.md').matchAll(/\(\.\.\/examples\/([a-z-]+)\/flake\.nix\)/g)].map(
    ([, name]) => name,
  );
  const examples = globSync('examples/*/workflow.yml', { cwd: root }).map(path => posix.basename(posix.dirname(path)));
  assert.deepEqual(named.toSorted(), examples.toSorted());
});

test('ARCHITECTURE.md lists every room, and every file at the top of src', () => {
  const [, list = ''] = /^src\/\n(.*?)^\S/ms.exec(read('ARCHITECTURE.md')) ?? [];
  const named = [...list.matchAll(/^ {2}(\S+(?: \S+\.ts)*)/gm)].flatMap(([, names = '']) => names.split(' '));
  assert.deepEqual(named.map(name => name.replace(/\/$/, '')).toSorted(), readdirSync(`${root}/src`).toSorted());
});

test('the source files that the documents name exist', () => {
  const places = ['', 'src/', 'src/registry/'];
  const wrong = documents.flatMap(name =>
    [...read(name).matchAll(/`((?:[a-z][\w.-]*\/)+[\w.-]+\.(?:ts|h|wasm))`/g)]
      .map(([, path = '']) => path)
      .filter(path => !places.some(place => existsSync(`${root}/${place}${path}`)))
      .map(path => `${name}: ${path}`),
  );
  assert.deepEqual(wrong, []);
});

test('the messages that docs/troubleshooting.md quotes are those of the code', () => {
  // A value of a template, and of a quotation, is "…". Strings that are added up are one text.
  const code = globSync('src/**/*.ts', { cwd: root })
    .map(name =>
      read(name)
        .replaceAll(/(['`])\s*\+\s*['`]/g, '')
        .replaceAll(/\$\{[^{}]*\}/g, '…'),
    )
    .join('\n');
  const quoted = [...read('docs/troubleshooting.md').matchAll(/\*\*`([^`]+)`\*\*/g)].map(([, text = '']) => text);
  assert.ok(quoted.length > 0);
  assert.deepEqual(
    quoted.filter(text => !code.includes(text)),
    [],
  );
});

test('the snippets of the documents name inputs that the action has', () => {
  const ofStep = new Set(['env', 'id', 'if', 'uses', 'with']);
  const wrong = documents.flatMap(name =>
    [...read(name).matchAll(/^```yaml\n(.*?)^```$/gms)].flatMap(([, snippet = '']) =>
      // A step ends at the next one or at an empty line; a snippet may show only inputs.
      snippet.split(/\n\n|^(?: *- |(?=with:))/m).flatMap(step => {
        const [, mode = 'build'] = /^uses: org\/nix-image-action(?:\/([a-z-]+))?@/.exec(step) ?? [];
        if (!/^(?:uses: org\/nix-image-action|with:)/.test(step)) return [];
        const keys = [...step.matchAll(/(?:^|[{,]) *([a-z][a-z0-9-]*):(?= |$)/gm)].map(([, key = '']) => key);
        return keys.filter(key => !ofStep.has(key) && !inputsOf(mode).includes(key)).map(key => `${name}: ${key}`);
      }),
    ),
  );
  assert.deepEqual(wrong, []);
});

test('the README fits on a few screens', () => {
  assert.ok(Buffer.byteLength(read('README.md')) < 12_000);
});
