import { Failure } from '../../lib/failure.ts';
import { objectIn } from '../../lib/parse-json.ts';
import { oneLine } from '../../lib/printable.ts';
import { findProgram, type ProgramResult, runProgram } from '../../lib/process.ts';

/** The login that a credential helper has; the name `<token>` means that the secret is an OAuth2 refresh token. */
interface HelperAnswer {
  readonly username: string;
  readonly secret: string;
}

interface HelperOptions {
  /** The helper's name for the registry. */
  readonly server: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs `docker-credential-NAME get`, and passes the server and the secret through pipes. Undefined if the helper has no
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

/** Undefined for an empty answer, which some helpers give if nobody is logged in. */
function parseAnswer(stdout: string, program: string): HelperAnswer | undefined {
  if (/^\s*(\{\s*\})?\s*$/.test(stdout)) return undefined;
  const { Username, Secret } = objectIn(Buffer.from(stdout));
  if (Secret === '') return undefined;
  if (typeof Username !== 'string' || typeof Secret !== 'string') {
    // Without the answer, which contains a secret.
    throw new Failure(
      `Cannot get a login from ${program}: its answer is not JSON with Username and Secret. Update or replace this helper.`,
    );
  }
  return { username: Username, secret: Secret };
}

/**
 * The message of a failed helper, which Docker's helpers print to standard output. Anything that looks like a secret is
 * removed.
 */
function wordsOf({ stdout, stderr }: ProgramResult): string {
  const text = [stdout, stderr].find(output => output.trim() !== '') ?? '';
  if (/"Secret"/i.test(text)) return '';
  const words = oneLine(text, 2000).split(' ').map(withoutSecret);
  return oneLine(words.join(' '), 300).replace(/\.+$/, '');
}

/**
 * `***` for a word with digits or signs that do not occur in prose, and for a value whose name says that it is secret.
 */
function withoutSecret(word: string, i: number, words: readonly string[]): string {
  const isNamed = /(?:password|secret|token)["']?[:=]$/i.test(words[i - 1] ?? '');
  const looksSecret = word.length >= 8 && /\d|[^=]=[^=]|[A-Za-z0-9+/_-]{32}/.test(word);
  return isNamed || looksSecret ? '***' : word;
}
