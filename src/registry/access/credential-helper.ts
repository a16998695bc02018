import { Failure } from '../../lib/failure.ts';
import { objectIn } from '../../lib/parse-json.ts';
import { oneLine } from '../../lib/printable.ts';
import { findProgram, type ProgramResult, runProgram } from '../../lib/process.ts';

/** Whom a credential helper knows; `<token>` instead of a name says that the secret is an OAuth2 refresh token. */
interface HelperAnswer {
  readonly username: string;
  readonly secret: string;
}

interface HelperOptions {
  /** What the helper knows the registry by. */
  readonly server: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Asks `docker-credential-NAME get`; the server goes in and the secret comes out by pipe. Undefined if the helper has no
 * login for the server. docker-credential-helpers README
 */
export async function askHelper(name: string, { server, env }: HelperOptions): Promise<HelperAnswer | undefined> {
  const program = `docker-credential-${name}`;
  const failed = `Cannot get the login for ${server}`;
  if (!/^[\w.-]+$/.test(name)) {
    throw new Failure(
      `${failed}: "${oneLine(name, 80)}" in Docker's config is not a valid name for a credential helper. Correct credHelpers or credsStore there.`,
    );
  }
  if (findProgram(program, env) === undefined) {
    throw new Failure(
      `${failed}: Docker's config names the helper ${program}, which is not on PATH. Install it, or remove it from that config.`,
    );
  }
  const result = await runProgram(program, ['get'], { env, input: server });
  const { code, stdout } = result;
  if (code !== 0) {
    if (/credentials not found|no credentials|not found in native keychain/i.test(stdout)) return undefined;
    const said = wordsOf(result);
    throw new Failure(`${failed}: ${program} failed with exit code ${code}${said === '' ? '' : ` and said: ${said}`}.`);
  }
  return parseAnswer(stdout, program);
}

/** Undefined for an empty answer, by which some helpers say that nobody is logged in. */
function parseAnswer(stdout: string, program: string): HelperAnswer | undefined {
  if (/^\s*(\{\s*\})?\s*$/.test(stdout)) return undefined;
  const { Username, Secret } = objectIn(Buffer.from(stdout));
  if (Secret === '') return undefined;
  if (typeof Username !== 'string' || typeof Secret !== 'string') {
    // Without the answer, which holds a secret.
    throw new Failure(
      `Cannot get a login from ${program}: its answer is not JSON with Username and Secret. Update or replace this helper.`,
    );
  }
  return { username: Username, secret: Secret };
}

/** What a helper that failed said; helpers of Docker say it on standard output. What looks like a secret is left out. */
function wordsOf({ stdout, stderr }: ProgramResult): string {
  const text = [stdout, stderr].find(output => output.trim() !== '') ?? '';
  if (/"Secret"/i.test(text)) return '';
  const words = oneLine(text, 2000).split(' ').map(withoutSecret);
  return oneLine(words.join(' '), 300).replace(/\.+$/, '');
}

/** `***` for a word with digits or signs that no word of a message has, and for a value that is named so. */
function withoutSecret(word: string, i: number, words: readonly string[]): string {
  const isNamed = /(?:password|secret|token)["']?[:=]$/i.test(words[i - 1] ?? '');
  const looksSecret = word.length >= 8 && /\d|[^=]=[^=]|[A-Za-z0-9+/_-]{32}/.test(word);
  return isNamed || looksSecret ? '***' : word;
}
