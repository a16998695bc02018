# Python and its packages. A package is found by those that name it in `dependencies`.
{
  debian,
  lib,
  mkDerivation,
}:
let
  inherit (debian) package;
  # 3.11
  release = builtins.head (
    builtins.concatMap (
      name:
      let
        found = builtins.match "python(3[.][0-9]+)-minimal" name;
      in
      if found == null then [ ] else found
    ) debian.names
  );
  sitePackages = "lib/python${release}/site-packages";

  python = package "python3" {
    from = [
      "python${release}-minimal"
      "libpython${release}-minimal"
      "libpython${release}-stdlib"
    ];
    libraries = [
      debian.expat
      debian.libffi
      debian.openssl
      debian.zlib
    ];
    install = ''
      mkdir -p $out/bin $out/lib
      cp -a bin/python${release} $out/bin
      ln -s python${release} $out/bin/python3
      ln -s python${release} $out/bin/python
      cp -a lib/python${release} $out/lib
      # Debian's own settings, elsewhere.
      find $out -type l -lname '/*' -delete
      mkdir $out/${sitePackages}
    '';
    passthru = {
      inherit sitePackages;
    };
    meta.mainProgram = "python3";
  };

  closure = lib.closureOf (package: package.dependencies or [ ]);

  module =
    pname: dependencies:
    package pname {
      from = [ "python3-${pname}" ];
      install = ''
        mkdir -p $out/${sitePackages}
        cp -a lib/python3/dist-packages/. $out/${sitePackages}
      '';
      passthru = { inherit dependencies; };
    };

  packages = rec {
    inherit python;
    click = module "click" [ ];
    flask = module "flask" [
      click
      itsdangerous
      jinja2
      werkzeug
    ];
    itsdangerous = module "itsdangerous" [ ];
    jinja2 = module "jinja2" [ markupsafe ];
    markupsafe = module "markupsafe" [ ];
    # install-python.py does its work.
    setuptools = python;
    waitress = module "waitress" [ ];
    werkzeug = module "werkzeug" [ markupsafe ];

    # Modules (`py-modules`) and the scripts that start them, as setuptools installs them and nixpkgs wraps them.
    buildPythonApplication =
      {
        pname,
        version,
        pyproject,
        src,
        build-system,
        dependencies ? [ ],
        meta ? { },
      }:
      assert pyproject && build-system != [ ];
      mkDerivation {
        inherit
          pname
          version
          src
          meta
          ;
        dependencies = closure dependencies;
        buildPhase = "";
        installPhase = ''
          ${python}/bin/python3 ${./install-python.py} ${python}/bin/python3 ${sitePackages}
        '';
      };
  };
in
packages
