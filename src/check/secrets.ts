/** Kinds of secrets, and the patterns that recognise them. A kind never contains any of the matched text. */
const kinds: readonly (readonly [kind: string, pattern: RegExp])[] = [
  [
    'private key',
    /-----BEGIN (?:(?:RSA|DSA|EC|OPENSSH) )?PRIVATE KEY-----\s+[\w+/=]{20}|-----BEGIN PGP PRIVATE KEY BLOCK-----/,
  ],
  ['GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{82}\b/],
  ['GitLab token', /\bglpat-[\w-]{20}/],
  ['AWS access key', /\bAKIA(?![A-Z0-9]*EXAMPLE)[A-Z0-9]{16}\b/],
  ['Slack token', /\bxox[abprs]-\d{10,13}-[\w-]{10}/],
  ['Stripe key', /\b[rs]k_live_[A-Za-z0-9]{24}/],
  ['npm token', /\bnpm_[A-Za-z0-9]{36}\b/],
  ['PyPI token', /\bpypi-AgEIcHlwaS5vcmc[\w-]{50}/],
  ['Docker Hub token', /\bdckr_pat_[\w-]{27}/],
];

/** Every text that a pattern matches also matches this one: a single fast search rules out almost all files. */
const anyMark = /(?:gh[pousr]|_pat|live|npm)_|(?:glpat|xox[abprs])-|AKIA|pypi-A|-----BEGIN /;

/** The kind of secret that a text contains; undefined if no pattern matches. */
export function secretIn(text: string): string | undefined {
  if (!anyMark.test(text)) return undefined;
  return kinds.find(([, pattern]) => pattern.test(text))?.[0];
}

/** Files that hold credentials: the end of their path, and a pattern for their content if the path is not enough. */
const files: readonly (readonly [path: RegExp, content: RegExp | undefined, kind: string])[] = [
  [/\/[._]netrc$/, undefined, 'credentials (.netrc)'],
  [/\/\.git-credentials$/, undefined, 'credentials of Git'],
  [/\/\.pgpass$/, undefined, 'passwords of PostgreSQL'],
  [/\/\.pypirc$/, /^[ \t]*password\s*[:=]/m, 'credentials of PyPI'],
  [/\/\.npmrc$/, /_(?:auth|authToken|password)\s*=\s*[^\s$]/, 'credentials of npm'],
  [/\/(?:\.docker\/config\.json|\.dockercfg)$/, /"auth"\s*:/, 'credentials of registries'],
  [/\/\.aws\/credentials$/, undefined, 'credentials of AWS'],
  [
    /\/\.env(?:\.(?!example|sample|template|dist|test)[\w-]+)?$/,
    /^[ \t]*(?:export[ \t]+)?\w+[ \t]*=[ \t]*\S/m,
    'environment (.env)',
  ],
];

/** Every such path matches this pattern: a single fast search rules out almost all files. */
const anyName = /\/(?:[._][^/]*|config\.json|credentials)$/;

/** The kind of credentials that a file of this name holds; `start` has its first bytes. */
export function credentialsIn(path: string, start: string): string | undefined {
  if (!anyName.test(path)) return undefined;
  return files.find(([name, content]) => name.test(path) && (content === undefined || content.test(start)))?.[2];
}

/** Whether the path belongs to tests or documentation, which have example keys. */
export function isSample(path: string): boolean {
  return /\/(?:tests?|testing|testdata|test[_-]\w+|docs?|examples?|samples?|fixtures?|demos?|man)\//i.test(path);
}

const secretName = /(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY)$/i;

/** Whether the variable or label has the name of a secret and a value that is neither a path nor a switch. */
export function isNamedSecret(name: string, value: string): boolean {
  return secretName.test(name) && !/^(?:|\/.*|\$.*|true|false|yes|no|on|off|none|[01])$/i.test(value);
}
