import { Failure } from '../lib/failure.ts';

/** A platform as an index writes it. OCI image-spec, image-index.md. */
export interface Platform {
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
}

const platformPattern = /^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/;

/** Whether a text is `os/architecture[/variant]`. */
export function isPlatform(text: string): boolean {
  return platformPattern.test(text);
}

/** `os/architecture[/variant]` taken apart; `what` names the place in the error. */
export function parsePlatform(text: string, what: string): Platform {
  const [os = '', architecture = '', variant] = text.split('/');
  if (isPlatform(text)) return { architecture, os, ...(variant === undefined ? {} : { variant }) };
  throw new Failure(`Cannot read ${what}: "${text}" is not a platform. It is OS/ARCHITECTURE, as in linux/amd64.`);
}
