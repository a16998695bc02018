# A blog of HTML pages, served by Python: `buildLayeredImage` has a layer for each store path, so a new page uploads the
# pages, and no Python.
{
  description = "A blog";

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
            name = "blog";
            contents = [ pkgs.cacert ];
            extraCommands = "mkdir -m 1777 tmp";
            config = {
              Cmd = [
                "${pkgs.python3}/bin/python3"
                "-m"
                "http.server"
                "8080"
                "--directory"
                "${./pages}"
              ];
              ExposedPorts."8080/tcp" = { };
              User = "65534:65534";
            };
          };
        }
      );
    };
}
