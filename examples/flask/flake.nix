# A web program in Python, packaged as for any other use. There is no image code: the action makes an image of the package
# with all that it refers to, as copying its closure into `FROM scratch` would.
{
  description = "A guest book";

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
          default = pkgs.python3Packages.buildPythonApplication {
            pname = "guestbook";
            version = "1.0.0";
            pyproject = true;
            src = pkgs.lib.fileset.toSource {
              root = ./.;
              fileset = pkgs.lib.fileset.unions [
                ./guestbook.py
                ./pyproject.toml
              ];
            };
            build-system = [ pkgs.python3Packages.setuptools ];
            dependencies = [
              pkgs.python3Packages.flask
              pkgs.python3Packages.waitress
            ];
            meta = {
              description = "A guest book";
              license = pkgs.lib.licenses.mit;
              mainProgram = "guestbook";
            };
          };

          # Python brings OpenSSL, which asks for certificates.
          inherit (pkgs) cacert;
        }
      );
    };
}
