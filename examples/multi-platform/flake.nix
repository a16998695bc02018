# One image for two platforms. The flake has a package per system; the workflow names one for each platform.
{
  description = "A program that says hello";

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
          image = pkgs.dockerTools.streamLayeredImage {
            name = "hello";
            extraCommands = "mkdir -m 1777 tmp";
            config = {
              Entrypoint = [ "${pkgs.hello}/bin/hello" ];
              User = "65534:65534";
            };
          };
        }
      );
    };
}
