{ lib, system }:
let
  mkDerivation =
    attributes:
    let
      # As in nixpkgs, these are shown and are no part of the derivation.
      shown = {
        meta = { };
        passthru = { };
      }
      // attributes;
      made = derivation (
        {
          inherit system;
          builder = "/bin/sh";
          args = [
            "-eu"
            ./builder.sh
          ];
          outputs = [ "out" ];
          nativeBuildInputs = [ ];
        }
        // (if attributes ? pname then { name = "${attributes.pname}-${attributes.version}"; } else { })
        // removeAttrs attributes [
          "meta"
          "passthru"
        ]
      );
    in
    made // shown.passthru // { inherit (shown) meta passthru; };

  runCommand =
    name: attributes: buildCommand:
    mkDerivation ({ inherit name buildCommand; } // attributes);

  writeText =
    name: text:
    runCommand name { inherit text; } ''
      printf %s "$text" > $out
    '';

  writeTextDir =
    path: text:
    runCommand (baseNameOf path) { inherit text; } ''
      mkdir -p "$(dirname "$out/${path}")"
      printf %s "$text" > "$out/${path}"
    '';

  # Links all files of the paths below those that are asked for. Directories are never links.
  buildEnv =
    {
      name,
      paths,
      pathsToLink ? [ "/" ],
    }:
    runCommand name { inherit paths pathsToLink; } ''
      mkdir $out
      for path in $paths; do
        for below in $pathsToLink; do
          if [ -d "$path$below" ]; then
            mkdir -p "$out$below"
            cp -rs "$path$below/." "$out$below"
            chmod -R u+w "$out"
          fi
        done
      done
    '';

  debian = import ./debian.nix { inherit lib runCommand system; };
  dockerTools = import ./docker-tools.nix {
    inherit lib packages runCommand system;
  };

  packages = debian // import ./development.nix { inherit runCommand; } // {
    inherit
      buildEnv
      dockerTools
      lib
      runCommand
      writeText
      writeTextDir
      ;
    hello = import ./hello.nix {
      inherit system;
      run = name: runCommand name { };
    };
    rustPlatform = import ./rust.nix { inherit debian mkDerivation; };
    stdenv = { inherit mkDerivation; };
    writeShellApplication =
      {
        name,
        runtimeInputs ? [ ],
        text,
      }:
      runCommand name { inherit runtimeInputs text; meta.mainProgram = name; } ''
        mkdir -p $out/bin
        {
          echo '#!${debian.bash}/bin/bash'
          echo 'set -o errexit -o nounset -o pipefail'
          printf 'export PATH="'
          for input in $runtimeInputs; do printf '%s/bin:' "$input"; done
          echo '$PATH"'
          printf '%s\n' "$text"
        } > $out/bin/${name}
        chmod +x $out/bin/${name}
      '';
    python3Packages = import ./python.nix { inherit debian lib mkDerivation; };
    python3 = packages.python3Packages.python;
  };
in
packages
