/** Whether one of `hosts` (`HOST` or `HOST:PORT`) names a host, ignoring case; without a port both mean 80 and 443. */
export function namesHost(hosts: readonly string[], host: string): boolean {
  const wanted = authoritiesOf(host);
  return hosts.flatMap(authoritiesOf).some(authority => wanted.includes(authority));
}

function authoritiesOf(host: string): string[] {
  const name = host.toLowerCase();
  return /:\d+$/.test(name) ? [name] : [`${name}:80`, `${name}:443`];
}
