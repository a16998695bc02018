import type { Matcher, RE2JS } from 're2js';
import { Failure, messageOf } from '../../lib/failure.ts';
import { type ByteString, bytesOf, isAscii } from '../../tar/byte-string.ts';

/** A regular expression of Go for the bytes of a path. As in Go, it takes time linear in the path's length. */
export interface GoRegex {
  /** Whether it matches anywhere. */
  readonly matches: (path: ByteString) => boolean;
  /** Go's `ReplaceAll`, with a template as `Regexp.Expand` takes it: `$1`, `${name}`, `$$`. */
  readonly replaceAll: (path: ByteString, template: string) => ByteString;
}

export type ParseGoRegex = (source: string) => GoRegex;

/** Loads a library for Go's syntax, which is RE2's; few images need it. A Failure for an invalid expression. */
export async function loadGoRegex(): Promise<ParseGoRegex> {
  const { RE2JS: engine } = await import('re2js');
  return source => {
    const regex = compile(source, engine);
    // Decodes UTF-8 from bytes; ASCII bytes are the characters themselves.
    const matcherOf = (path: ByteString) => regex.matcher(isAscii(path) ? path : Buffer.from(path, 'latin1'));
    return {
      matches: path => matcherOf(path).find(),
      replaceAll: (path, template) => replaceAll(path, matcherOf(path), template),
    };
  };
}

function compile(source: string, engine: typeof RE2JS): RE2JS {
  try {
    return engine.compile(source);
  } catch (cause) {
    throw new Failure(
      `Cannot use the nix2container regex "${source}": it is not a valid Go regular expression (${messageOf(cause)}). ` +
        'See https://pkg.go.dev/regexp/syntax for the syntax.',
      { cause },
    );
  }
}

/** As in Go's regexp.go, an empty match right after another match does not count. */
function replaceAll(path: ByteString, matcher: Matcher, template: string): ByteString {
  let result = '';
  let done = 0;
  for (let at = 0; at <= path.length && matcher.find(at); ) {
    const [start, end] = [matcher.start(), matcher.end()];
    result += path.slice(done, start);
    if (end > done || start === 0) result += expand(template, path, matcher);
    done = end;
    at = end > at ? end : at + widthAt(path, at);
  }
  return result + path.slice(done);
}

/** Bytes of the character at this position, 1 for invalid UTF-8. */
function widthAt(path: ByteString, at: number): number {
  const [character = ''] = Buffer.from(path.slice(at, at + 4), 'latin1').toString('utf8');
  return character === '\ufffd' ? 1 : Math.max(1, Buffer.byteLength(character));
}

/** Go's `Regexp.Expand`: the longest name counts, and a missing group is empty. */
function expand(template: string, path: ByteString, matcher: Matcher): ByteString {
  return bytesOf(template).replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, name?: string, braced?: string) => {
    if (whole === '$$') return '$';
    const group = name ?? braced ?? '';
    const key = /^\d+$/.test(group) ? Number(group) : group;
    if (typeof key === 'number' ? key > matcher.groupCount() : !Object.hasOwn(matcher.namedGroups, key)) return '';
    const start = matcher.start(key);
    return start < 0 ? '' : path.slice(start, matcher.end(key));
  });
}
