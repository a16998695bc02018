# A program in Rust without dependencies, compiled by the host's rustc.
{ debian, mkDerivation }:
{
  buildRustPackage =
    {
      pname,
      version,
      src,
      cargoLock,
      meta ? { },
    }:
    assert builtins.pathExists cargoLock.lockFile;
    mkDerivation {
      inherit
        pname
        version
        src
        meta
        ;
      inherit (debian) loader;
      libraries = [
        debian.libgcc
        debian.glibc
      ];
      installPhase = ''
        mkdir -p $out/bin
        rustc --edition 2021 -C strip=symbols -o $out/bin/${pname} src/main.rs
        . ${./find-libraries.sh}
      '';
    };
}
