# nixpkgs' dockerTools, as far as examples/ use it. What is built has the form that nixpkgs gives it, except that the script
# of a streamLayeredImage writes nothing: the action makes the layers itself.
{
  lib,
  packages,
  runCommand,
  system,
}:
let
  architecture =
    {
      x86_64-linux = "amd64";
      aarch64-linux = "arm64";
    }
    .${system};
  created = "1970-01-01T00:00:01+00:00";

  # The hash of an output, which is the tag of an image that has none.
  hashOf = package: builtins.unsafeDiscardStringContext (builtins.substring 0 32 (baseNameOf package.outPath));

  # What Nix knows of the closure of some store paths.
  closureInfo =
    paths:
    let
      root = runCommand "closure-root" { inherit paths; } ''printf '%s\n' "$paths" > $out'';
    in
    derivation {
      name = "closure-info";
      inherit root system;
      builder = "/usr/bin/python3";
      args = [ ./closure-info.py ];
      __structuredAttrs = true;
      exportReferencesGraph.closure = [ root ];
    };

  # A database of Nix that knows the paths. The time is in it, and always the same.
  nixDatabase = paths: ''
    NIX_REMOTE="local?root=$PWD" USER=nobody ${packages.nix}/bin/nix-store --load-db \
      < ${closureInfo paths}/registration
    python3 -c "import sqlite3
    with sqlite3.connect('nix/var/nix/db/db.sqlite') as database:
      database.execute('UPDATE ValidPaths SET registrationTime = 1')"
    mkdir -p nix/var/nix/gcroots/docker
    for path in ${toString paths}; do ln -s "$path" nix/var/nix/gcroots/docker; done
  '';

  makeWrapper = runCommand "make-shell-wrapper-hook" { } ''
    mkdir -p $out/nix-support
    echo 'makeWrapper() { printf "#! /bin/sh -e\nexec \"%s\"  %s \"\$@\" \n" "$1" "$4" > "$2"; chmod +x "$2"; }' \
      > $out/nix-support/setup-hook
  '';
  streamScript = runCommand "stream" { } ''
    ln -s ${runCommand "stream" { } "mkdir -p $out/bin; touch $out/bin/stream"}/bin/stream $out
  '';
  pigz = runCommand "pigz-0" { } "mkdir $out";

  # Links to the contents at the root, and what the commands make there.
  customisationLayer =
    name: contents: extraCommands:
    runCommand "${name}-customisation-layer" { inherit contents extraCommands; } ''
      mkdir $out layer
      for path in $contents; do cp -rs "$path/." layer; done
      chmod -R u+w layer
      (cd layer; eval "$extraCommands")
      tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@1 --hard-dereference \
        --directory=layer --create --file=$out/layer.tar .
      sha256sum $out/layer.tar | cut -d ' ' -f 1 > $out/checksum
    '';
in
rec {
  # What is copied to the root with what it and the config refer to, on top of a base. nixpkgs has `runAsRoot` too, which
  # needs a virtual machine.
  buildImage =
    {
      name,
      tag ? null,
      fromImage ? null,
      copyToRoot ? [ ],
      extraCommands ? "",
      config ? { },
    }:
    let
      root = lib.toList copyToRoot;
      json = builtins.toJSON config;
      closure = closureInfo (root ++ [ json ]);
      imageTag = if tag != null then tag else hashOf closure;
    in
    runCommand "docker-image-${name}.tar.gz"
      {
        inherit
          architecture
          extraCommands
          fromImage
          root
          ;
        config = json;
        passthru = {
          inherit imageTag;
          imageName = name;
        };
      }
      ''
        export name=${name} tag=${imageTag}
        mkdir layer
        for path in $root; do cp -a "$path/." layer; done
        chmod -R u+w layer
        (cd layer; eval "$extraCommands")
        python3 ${./docker-archive.py} ${closure}/store-paths $out
      '';

  # Certificates where programs of other distributions look for them.
  caCertificates = runCommand "ca-certificates" { } ''
    mkdir -p $out/etc/ssl/certs
    ln -s ${packages.cacert}/etc/ssl/certs/ca-bundle.crt $out/etc/ssl/certs/ca-bundle.crt
    ln -s ${packages.cacert}/etc/ssl/certs/ca-bundle.crt $out/etc/ssl/certs/ca-certificates.crt
  '';

  # Users and groups of which programs may ask the names.
  fakeNss = fakeNssWith { };
  fakeNssWith =
    {
      extraPasswdLines ? [ ],
      extraGroupLines ? [ ],
    }:
    let
      lines = builtins.concatStringsSep "\n";
      passwd = [
        "root:x:0:0:root user:/var/empty:/bin/sh"
        "nobody:x:65534:65534:nobody:/var/empty:/bin/sh"
      ];
      group = [
        "root:x:0:"
        "nobody:x:65534:"
      ];
    in
    runCommand "fake-nss" {
      passwd = lines (passwd ++ extraPasswdLines);
      group = lines (group ++ extraGroupLines);
    } ''
      mkdir -p $out/etc
      echo "$passwd" > $out/etc/passwd
      echo "$group" > $out/etc/group
      echo "hosts: files dns" > $out/etc/nsswitch.conf
    ''
    // {
      override = fakeNssWith;
    };

  streamLayeredImage =
    {
      name,
      tag ? null,
      contents ? [ ],
      config ? { },
      extraCommands ? "",
      maxLayers ? 100,
      includeNixDB ? false,
    }:
    let
      paths = lib.toList contents;
      database = if includeNixDB then nixDatabase paths else "";
      base = builtins.toJSON config;
      closure = closureInfo (paths ++ [ base ]);
      customisation = customisationLayer name paths (database + extraCommands);
      conf = runCommand "${name}-conf.json" { inherit base maxLayers; } ''
        quote() { sed 's/.*/"&"/' | paste -sd, | sed 's/.*/[&]/'; }
        layers=$(
          head -n $((maxLayers - 1)) ${closure}/store-paths | while read -r path; do echo "$path" | quote; done
          tail -n +$maxLayers ${closure}/store-paths | quote
        )
        cat > $out <<EOF
        {
          "architecture": "${architecture}",
          "config": $base,
          "os": "linux",
          "store_dir": "${builtins.storeDir}",
          "from_image": null,
          "store_layers": [$(echo "$layers" | grep . | paste -sd,)],
          "customisation_layer": "${customisation}",
          "repo_tag": "${name}:${imageTag}",
          "created": "${created}",
          "mtime": "${created}",
          "uid": "0",
          "gid": "0",
          "uname": "root",
          "gname": "root"
        }
        EOF
      '';
      imageTag = if tag != null then tag else hashOf customisation;
    in
    runCommand "stream-${name}"
      {
        imageName = name;
        passthru = {
          inherit conf imageTag streamScript;
          imageName = name;
          isExe = true;
        };
        nativeBuildInputs = [ makeWrapper ];
      }
      ''
        makeWrapper ${streamScript} $out --add-flags ${conf}
      '';

  buildLayeredImage =
    { name, ... }@arguments:
    let
      stream = streamLayeredImage arguments;
    in
    runCommand "${name}.tar.gz" {
      imageName = name;
      nativeBuildInputs = [ pigz ];
      passthru = {
        inherit stream;
        inherit (stream) imageName imageTag;
      };
    } "${stream} | pigz -p$NIX_BUILD_CORES -nTR > $out";
}
