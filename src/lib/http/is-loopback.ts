/** Whether a host names this machine, and so may be spoken to without TLS. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:[0-9]+$/, '');
  return (
    name === 'localhost' || /^127(?:\.[0-9]{1,3}){3}$/.test(name) || name === '[::1]' || name.endsWith('.localhost')
  );
}
