# Like stdenv's setup: the hooks of nativeBuildInputs, then one command, or the phases. Builders see the host's programs.
export PATH=/usr/bin:/bin
pigz() { gzip -n -1; }
for input in $nativeBuildInputs; do
  if [ -e "$input/nix-support/setup-hook" ]; then . "$input/nix-support/setup-hook"; fi
done
if [ -n "${buildCommand-}" ]; then
  eval "$buildCommand"
else
  cp -r "$src" source
  chmod -R u+w source
  cd source
  eval "${buildPhase-}"
  eval "$installPhase"
fi
