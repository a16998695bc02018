const secrets = new Set<string>();

/** From now on `maskSecrets` masks this value; an empty one is none. */
export function addSecret(value: string): void {
  if (value !== '') secrets.add(value);
}

/** The text with `***` in place of every secret. */
export function maskSecrets(text: string): string {
  let masked = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) masked = masked.replaceAll(secret, '***');
  return masked;
}
