import { Failure, messageOf } from '../../lib/failure.ts';
import { isAscii } from '../../tar/byte-string.ts';

/** Syntax that Go (RE2) and JavaScript read alike: literals, `.`, plain classes, groups, anchors and quantifiers. */
const portable = /^(?:[^\\[(]|\\[^a-zA-Z0-9]|\\[bBdDwW]|\[\^?(?:[^\\[\]]|\\[^a-zA-Z0-9]|\\[dDwW])+\]|\((?!\?)|\(\?:)*$/;

/** A Go regular expression as a global one of JavaScript. A Failure for syntax that does not mean the same in both. */
export function parseGoRegex(source: string): RegExp {
  const fail = (why: string, options?: ErrorOptions) =>
    new Failure(`Cannot use the nix2container regex "${source}": ${why}`, options);
  if (!isAscii(source) || !portable.test(source)) {
    throw fail('use only ASCII literals, ".", classes, groups, anchors, quantifiers and \\b \\d \\w.');
  }
  try {
    return new RegExp(source, 'g');
  } catch (cause) {
    throw fail(`${messageOf(cause)}.`, { cause });
  }
}
