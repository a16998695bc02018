/** Shell commands: a daemon for what follows as "$@", as long as that runs. */
export const withDaemon =
  'NIX_REMOTE= nix-daemon >/dev/null 2>&1 & daemon=$!; trap "kill $daemon" EXIT; ' +
  'while [ ! -S /nix/var/nix/daemon-socket/socket ]; do sleep 0.1; done; "$@"';
