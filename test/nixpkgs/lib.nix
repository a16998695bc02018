rec {
  inherit (builtins) mapAttrs;

  concatMapStrings = textOf: list: builtins.concatStringsSep "" (map textOf list);

  # The output with the libraries, the only one here.
  getLib = package: package;

  # Files of a directory, given by paths below it.
  fileset = {
    unions = paths: paths;
    toSource =
      { root, fileset }:
      let
        isBelow = one: other: builtins.substring 0 (builtins.stringLength other + 1) (one + "/") == other + "/";
      in
      builtins.path {
        name = "source";
        path = root;
        filter = path: _: builtins.any (one: isBelow path (toString one) || isBelow (toString one) path) fileset;
      };
  };

  genAttrs =
    names: valueOf:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = valueOf name;
      }) names
    );

  getExe = package: "${package}/bin/${package.meta.mainProgram or package.pname or package.name}";

  licenses = {
    asl20.spdxId = "Apache-2.0";
    mit.spdxId = "MIT";
  };

  toList = thing: if builtins.isList thing then thing else [ thing ];

  # All that the packages refer to by `next`, they included.
  closureOf =
    next: packages:
    map ({ package, ... }: package) (
      builtins.genericClosure {
        startSet = map (package: {
          key = package.outPath;
          inherit package;
        }) packages;
        operator =
          { package, ... }:
          map (other: {
            key = other.outPath;
            package = other;
          }) (next package);
      }
    );
}
