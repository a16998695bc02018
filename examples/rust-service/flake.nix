# A service in Rust by `buildLayeredImage`, with certificates. The flake knows neither commit nor tag and takes no arguments:
# the workflow labels the image after the build, so new labels build nothing.
{
  description = "A service in Rust";

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
          service = pkgs.rustPlatform.buildRustPackage {
            pname = "service";
            version = "1.0.0";
            # A change of the workflow compiles nothing.
            src = pkgs.lib.fileset.toSource {
              root = ./.;
              fileset = pkgs.lib.fileset.unions [
                ./Cargo.lock
                ./Cargo.toml
                ./src
              ];
            };
            cargoLock.lockFile = ./Cargo.lock;
            meta.mainProgram = "service";
          };
        in
        {
          image = pkgs.dockerTools.buildLayeredImage {
            name = "service";
            contents = [
              pkgs.cacert
              pkgs.dockerTools.fakeNss
            ];
            extraCommands = "mkdir -m 1777 tmp";
            config = {
              Entrypoint = [ (pkgs.lib.getExe service) ];
              Env = [ "SSL_CERT_FILE=/etc/ssl/certs/ca-bundle.crt" ];
              User = "65534:65534";
              ExposedPorts."8080/tcp" = { };
            };
          };
        }
      );
    };
}
