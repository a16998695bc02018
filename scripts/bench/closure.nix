# Debian packages as store paths: `packages` is a JSON file, a list of { name, tree, dependencies (names) }, dependencies first;
# `block` is any large file, `program` the tree of a program. A `release` makes another application, and `changed-package` names a package to change.
{
  packages,
  block ? null,
  program ? null,
  release ? "1",
  changed-package ? "",
}:
let
  system = builtins.currentSystem;
  run =
    name: attributes: script:
    derivation (
      {
        inherit name system;
        builder = "/bin/sh";
        PATH = "/usr/bin:/bin";
        args = [
          "-euc"
          script
        ];
      }
      // attributes
    );

  # The file that names the dependencies is what makes Nix see references.
  copy =
    { name, tree, ... }:
    dependencies: change:
    run name { inherit tree dependencies change; } ''
      cp -r --no-dereference --preserve=mode "$tree" "$out"
      chmod -R u+w "$out"
      mkdir -p "$out/nix-support"
      echo "$dependencies" > "$out/nix-support/deps"
      [ -z "$change" ] || echo "$change" > "$out/nix-support/change"
    '';

  list = builtins.fromJSON (builtins.readFile packages);
  paths = builtins.listToAttrs (
    map (package: {
      inherit (package) name;
      value = copy package (map (name: paths.${name}) package.dependencies) (
        if package.name == changed-package then "one line" else ""
      );
    }) list
  );
  top = builtins.elemAt list (builtins.length list - 1);

  # Copies of `block`, each with a line of its own before it.
  large = builtins.genList (
    number:
    run "large-${toString number}" { inherit block number; } ''
      mkdir "$out"
      { echo "$number"; cat "$block"; } > "$out/data"
    ''
  ) 20;

  # A script that refers to these.
  script =
    dependencies:
    run "program" { inherit dependencies; } ''
      mkdir -p "$out/bin"
      { echo '#!/bin/sh'; echo "echo $dependencies"; } > "$out/bin/program"
      chmod +x "$out/bin/program"
    '';
in
{
  # The last package, and with it the closure.
  app = paths.${top.name};
  # The same with one file more.
  changed = copy top (map (name: paths.${name}) top.dependencies) "one line";

  # A program on top of the last package.
  application = run "application" { inherit program release; dependency = paths.${top.name}; } ''
    mkdir -p "$out/bin"
    { echo '#!/bin/sh'; echo "echo $release $dependency"; } > "$out/bin/application"
    chmod +x "$out/bin/application"
    cp -r --no-dereference --preserve=mode "$program" "$out/program"
  '';

  customisation-layer = run "bench-customisation-layer" { } ''
    mkdir -p "$out" root/etc
    echo bench > root/etc/hostname
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@1 --directory=root --create --file="$out/layer.tar" .
    sha256sum "$out/layer.tar" | cut -d ' ' -f 1 > "$out/checksum"
  '';

  inherit large;
  small-program = script [
    (builtins.elemAt large 0)
    (builtins.elemAt large 1)
  ];
  large-program = script large;
}
