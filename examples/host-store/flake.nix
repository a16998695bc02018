# An image without the program that it starts: the container sees the store of the machine. The image knows the path of the
# program and, without its context, does not depend on it, so it is a few kilobytes, and starting a new version downloads
# nothing. Only for machines that build what they run:
#
#   nix build .#server --profile "$HOME/server"
#   docker run --volume /nix/store:/nix/store:ro ghcr.io/acme/server:main
{
  description = "A container that uses the store of its machine";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { nixpkgs, ... }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
    in
    {
      packages = nixpkgs.lib.genAttrs systems (
        system:
        let
          pkgs = nixpkgs.legacyPackages.${system};
          server = pkgs.writeShellApplication {
            name = "server";
            runtimeInputs = [ pkgs.python3 ];
            text = "exec python3 -m http.server 8080 --directory ${./pages}";
          };
        in
        {
          inherit server;

          image = pkgs.dockerTools.buildImage {
            name = "server";
            tag = "latest";
            extraCommands = "mkdir -m 1777 tmp";
            config = {
              Cmd = [ (builtins.unsafeDiscardStringContext "${server}/bin/server") ];
              User = "65534:65534";
              ExposedPorts."8080/tcp" = { };
              # Says that the store is mounted.
              Volumes."/nix/store" = { };
            };
          };
        }
      );
    };
}
