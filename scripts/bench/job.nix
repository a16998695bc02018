# The flake of the job: Debian packages as store paths, an application on top of them, and the settings of an image of all, as
# nixpkgs' streamLayeredImage gives them to its script. TREES and PACKAGES are filled in.
{
  outputs =
    { self }:
    let
      system = "SYSTEM";
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
      list = builtins.fromJSON (builtins.readFile ./packages.json);
      copy =
        { name, tree, dependencies }:
        run name { inherit tree; dependencies = map (one: paths.${one}) dependencies; } ''
          cp -r --no-dereference --preserve=mode "$tree" "$out"
          chmod -R u+w "$out"
          mkdir -p "$out/nix-support"
          echo "$dependencies" > "$out/nix-support/deps"
        '';
      paths = builtins.listToAttrs (map (package: { inherit (package) name; value = copy package; }) list);
      all = map ({ name, ... }: paths.${name}) list;
      app = run "app" { source = builtins.path { path = ./app; name = "app-source"; }; dependencies = all; } ''
        mkdir -p "$out/bin"
        cp "$source"/* "$out/bin"
        echo "$dependencies" > "$out/dependencies"
      '';
      customisation = run "job-customisation-layer" { } ''
        mkdir -p "$out" root/etc
        echo job > root/etc/hostname
        tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@1 --directory=root --create --file="$out/layer.tar" .
        sha256sum "$out/layer.tar" | cut -d ' ' -f 1 > "$out/checksum"
      '';
      # One path in each layer, as long as there is room.
      single = 97;
      take = from: count: builtins.genList (i: builtins.elemAt all (from + i)) count;
      layers = map (path: [ path ]) (take 0 single) ++ [ (take single (builtins.length all - single)) [ app ] ];
      time = "1970-01-01T00:00:01+00:00";
      settings = builtins.toJSON {
        architecture = "ARCHITECTURE";
        config = { Cmd = [ "${app}/bin/app" ]; };
        os = "linux";
        store_dir = "/nix/store";
        from_image = null;
        store_layers = layers;
        customisation_layer = customisation;
        repo_tag = "job:latest";
        created = time;
        mtime = time;
        uid = "0";
        gid = "0";
        uname = "root";
        gname = "root";
      };
    in
    {
      packages.${system} = {
        inherit app;
        default = run "job-conf.json" { inherit settings; } ''
          printf %s "$settings" > "$out"
        '';
      };
    };
}
