/** Whether a host names this machine, so HTTP without TLS is acceptable. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:[0-9]+$/, '');
  return (
    name === 'localhost' || /^127(?:\.[0-9]{1,3}){3}$/.test(name) || name === '[::1]' || name.endsWith('.localhost')
  );
}
