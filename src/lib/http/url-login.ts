/** Scheme and login of a URL in a text: RFC 3986 section 3.2.1. */
const logins = /\b([a-z][a-z0-9+.-]*):\/\/([^\s/?#]*)@/gi;
/** Characters of the shortest user name that counts as a token; `git` and `builder` do not. */
const shortestToken = 16;

/** Passwords, and user names that are tokens, in the URLs of a text, both as written and decoded. */
export function secretsInUrls(text: string): readonly string[] {
  const secrets = [...text.matchAll(logins)].flatMap(([, scheme = '', login = '']) => {
    const colon = login.indexOf(':');
    if (colon >= 0) return [login.slice(colon + 1)];
    return /https?$/i.test(scheme) && login.length >= shortestToken ? [login] : [];
  });
  return [...new Set(secrets.flatMap(secret => [secret, decoded(secret)]))].filter(secret => secret !== '');
}

/** The text with the logins of its URLs replaced by `***`. */
export function withoutLogins(text: string): string {
  return text.replaceAll(logins, '$1://***@');
}

/** A URL for publication, without its login. */
export function publicUrl(url: string): string {
  return url.replaceAll(logins, '$1://');
}

/** The header for the login in a URL, undefined if it has none; RFC 7617. */
export function basicLogin({ username, password }: URL): string | undefined {
  const login = [username, password].map(decoded).join(':');
  return login === ':' ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
