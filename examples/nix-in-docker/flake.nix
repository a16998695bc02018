# Nix in a container, with the database that says which store paths of the image are valid (`includeNixDB`): it builds on
# what is there, and downloads nothing of it again.
{
  description = "An image with Nix";

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
        in
        {
          image = pkgs.dockerTools.buildLayeredImage {
            name = "nix";
            contents = [
              pkgs.bashInteractive
              pkgs.cacert
              pkgs.coreutils
              pkgs.dockerTools.fakeNss
              pkgs.nix
              # Nix is root here, and a container is no place for more sandboxes.
              (pkgs.writeTextDir "etc/nix/nix.conf" ''
                build-users-group =
                experimental-features = nix-command flakes
                sandbox = false
              '')
            ];
            includeNixDB = true;
            extraCommands = "mkdir -m 1777 tmp";
            config = {
              Cmd = [ "/bin/bash" ];
              Env = [
                "HOME=/tmp"
                "NIX_PAGER=cat"
                "NIX_SSL_CERT_FILE=/etc/ssl/certs/ca-bundle.crt"
                "PATH=/bin"
                "USER=root"
              ];
            };
          };
        }
      );
    };
}
