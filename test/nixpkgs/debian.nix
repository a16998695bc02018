# Packages of Debian as store paths. Each program and library is told where the loader and its libraries are, so that it
# runs where there is nothing else, as a package of nixpkgs does.
{
  lib,
  runCommand,
  system,
}:
let
  trees = builtins.fromJSON (builtins.readFile ./debian-trees.json);
  machine = builtins.head (builtins.match "([^-]*)-.*" system);
  loader =
    {
      x86_64 = "ld-linux-x86-64.so.2";
      aarch64 = "ld-linux-aarch64.so.1";
    }
    .${machine};

  # The tree of a package; since 2024 some of the names say that time has 64 bits.
  treeOf =
    name:
    trees.${name} or trees."${name}t64" or (throw "Debian's ${name} is not unpacked. Run: node scripts/setup.ts");
  # 1.2.13 of zlib1g_1%3a1.2.13.dfsg-1_amd64.deb
  versionOf =
    name: builtins.elemAt (builtins.match "[^_]*_([0-9]+%3a)?([0-9.]*[0-9]).*" (baseNameOf (treeOf name))) 1;

  # The files that `install` takes from `root/usr`, where the packages are unpacked.
  package =
    pname:
    {
      from ? [ pname ],
      libraries ? [ ],
      install,
      passthru ? { },
      meta ? { },
    }:
    runCommand "${pname}-${versionOf (builtins.head from)}"
      {
        inherit meta passthru loader;
        trees = map treeOf from;
        libraries = libraries ++ (if pname == "glibc" then [ ] else [ glibc ]);
      }
      ''
        mkdir root
        for tree in $trees; do cp -a "$tree/." root; done
        chmod -R u+w root
        for directory in bin lib sbin; do
          if [ -d root/$directory ] && [ ! -L root/$directory ]; then
            mkdir -p root/usr/$directory
            cp -a root/$directory/. root/usr/$directory
          fi
        done
        mkdir $out
        cd root/usr
        ${install}
        chmod -R u+w $out
        . ${./find-libraries.sh}
      '';

  library =
    pname: from: libraries:
    package pname {
      from = [ from ];
      inherit libraries;
      install = ''
        mkdir $out/lib
        cp -a lib/${machine}-linux-gnu/*.so* $out/lib
      '';
    };

  glibc = library "glibc" "libc6" [ ];
in
rec {
  inherit glibc loader package;
  acl = library "acl" "libacl1" [ attr ];
  apr = library "apr" "libapr1" [ libuuid ];
  aprutil = library "apr-util" "libaprutil1" [
    apr
    expat
    libxcrypt
  ];
  attr = library "attr" "libattr1" [ ];
  expat = library "expat" "libexpat1" [ ];
  gmp = library "gmp" "libgmp10" [ ];
  libffi = library "libffi" "libffi8" [ ];
  libgcc = library "libgcc" "libgcc-s1" [ ];
  libselinux = library "libselinux" "libselinux1" [ pcre2 ];
  libstdcxx = library "libstdcxx" "libstdc++6" [ libgcc ];
  libuuid = library "util-linux-minimal" "libuuid1" [ ];
  libxcrypt = library "libxcrypt" "libcrypt1" [ ];
  ncurses = library "ncurses" "libtinfo6" [ ];
  openssl = library "openssl" "libssl3" [ ];
  pcre2 = library "pcre2" "libpcre2-8-0" [ ];
  zlib = library "zlib" "zlib1g" [ ];

  nginx = package "nginx" {
    from = [
      "nginx"
      "nginx-common"
    ];
    libraries = [
      libxcrypt
      openssl
      pcre2
      zlib
    ];
    install = ''
      mkdir $out/bin
      cp sbin/nginx $out/bin
      cp -r ../etc/nginx $out/conf
      find $out/conf -type l -delete
    '';
    meta.mainProgram = "nginx";
  };

  apacheHttpd = package "apache-httpd" {
    from = [
      "apache2-bin"
      "media-types"
    ];
    libraries = [
      apr
      aprutil
      libxcrypt
      openssl
      pcre2
      zlib
    ];
    install = ''
      mkdir $out/bin $out/conf
      cp sbin/apache2 $out/bin/httpd
      cp -r lib/apache2/modules $out
      cp ../etc/mime.types $out/conf
    '';
    meta.mainProgram = "httpd";
  };

  bash = package "bash" {
    libraries = [ ncurses ];
    install = ''
      mkdir $out/bin
      cp bin/bash $out/bin
      ln -s bash $out/bin/sh
    '';
    meta.mainProgram = "bash";
  };
  bashInteractive = bash;

  coreutils = package "coreutils" {
    libraries = [
      acl
      attr
      gmp
      libselinux
      pcre2
    ];
    install = ''
      mkdir $out/bin
      cp -a bin/. $out/bin
    '';
  };

  # With libraries of its own, which may be newer than those of Debian's other packages.
  nix = runCommand "nix" { inherit loader; tree = trees.nix; } ''
    mkdir $out
    cp -r "$tree/bin" "$tree/lib" $out
    chmod -R u+w $out
    libraries=
    . ${./find-libraries.sh}
  '';

  nodejs_24 = package "nodejs" {
    libraries = [
      libgcc
      libstdcxx
    ];
    install = ''
      mkdir $out/bin
      cp -L bin/node $out/bin
    '';
    meta.mainProgram = "node";
  };

  # The names of all packages that are unpacked.
  names = builtins.attrNames trees;

  cacert = runCommand "nss-cacert" { } ''
    mkdir -p $out/etc/ssl/certs
    cp /etc/ssl/certs/ca-certificates.crt $out/etc/ssl/certs/ca-bundle.crt
  '';
}
