# The local command for everybody with Nix:
#
#   nix run github:org/nix-image-action -- build --installable .#image --output docker-daemon:
{
  description = "From a Nix expression to a labelled container image on a registry";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";

  outputs =
    { self, nixpkgs }:
    let
      forEachSystem =
        outputsOf:
        nixpkgs.lib.genAttrs [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ] (
          system: outputsOf system nixpkgs.legacyPackages.${system}
        );
      # What the command needs besides Node: dist and its version.
      source = nixpkgs.lib.fileset.toSource {
        root = ./.;
        fileset = nixpkgs.lib.fileset.unions [
          ./dist
          ./package.json
        ];
      };
    in
    {
      packages = forEachSystem (
        _system: pkgs: {
          # The git of the user comes first.
          default = pkgs.writeShellScriptBin "nix-image" ''
            export PATH="$PATH:${pkgs.gitMinimal}/bin"
            exec ${pkgs.nodejs_24}/bin/node ${source}/dist/cli.mjs "$@"
          '';
          # What ghcr.io/org/nix-image holds beside the command, for systems whose jobs run in containers.
          container = pkgs.buildEnv {
            name = "nix-image-container";
            paths = [
              pkgs.bashInteractive
              pkgs.cacert
              pkgs.coreutils
              pkgs.gitMinimal
              pkgs.nix
            ];
            pathsToLink = [
              "/bin"
              "/etc/ssl"
            ];
          };
        }
      );

      apps = forEachSystem (
        system: _pkgs: {
          default = {
            type = "app";
            program = "${self.packages.${system}.default}/bin/nix-image";
            meta.description = "Builds, labels and pushes container images of Nix expressions";
          };
        }
      );

      checks = forEachSystem (
        system: pkgs: {
          # It starts, and its help lists the commands.
          help = pkgs.runCommand "nix-image-help" { } ''
            ${self.packages.${system}.default}/bin/nix-image --help > $out
            grep -q inspect $out
          '';
        }
      );

      devShells = forEachSystem (
        _system: pkgs: {
          default = pkgs.mkShellNoCC { packages = [ pkgs.nodejs_24 pkgs.go pkgs.skopeo ]; };
        }
      );
    };
}
