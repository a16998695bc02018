# As much of nixpkgs as examples/ use, with the same names and arguments. Packages are made of Debian's. The tests add two
# files: debian-trees.json, which names where Debian's packages are unpacked, and hello.nix, the program of examples/hello.
# The builders use the host's tools, so build with `--option sandbox false`.
{
  outputs =
    { self }:
    let
      lib = import ./lib.nix;
    in
    {
      inherit lib;
      legacyPackages = lib.genAttrs [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ] (
        system: import ./packages.nix { inherit lib system; }
      );
    };
}
