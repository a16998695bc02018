const alphabet = '0123456789abcdfghijklmnpqrsvwxyz';

/** A NAR hash, `sha256:` and 64 hex digits, with Nix's base 32 instead: its own digits, the last one first. */
export function withBase32(narHash: string): string {
  const bytes = Buffer.from(narHash.slice('sha256:'.length), 'hex');
  const digits = Math.ceil((bytes.length * 8) / 5);
  let text = '';
  for (let i = digits - 1; i >= 0; i--) {
    const at = (i * 5) >> 3;
    const both = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    text += alphabet[(both >> ((i * 5) & 7)) & 31];
  }
  return `sha256:${text}`;
}
