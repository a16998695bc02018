# What both servers need: certificates, users, directories, and the libraries that they have in common. An image with this
# base contains none of these again, and a registry that has the base for one server gets it from there for the other.
{ pkgs }:
pkgs.dockerTools.buildImage {
  name = "base";
  tag = "latest";
  copyToRoot = pkgs.buildEnv {
    name = "base-root";
    paths = [
      pkgs.dockerTools.caCertificates
      (pkgs.dockerTools.fakeNss.override {
        extraPasswdLines = [ "web:x:1000:1000:web server:/var/empty:/bin/sh" ];
        extraGroupLines = [ "web:x:1000:" ];
      })
    ]
    ++ map pkgs.lib.getLib [
      pkgs.openssl
      pkgs.pcre2
      pkgs.zlib
    ];
    pathsToLink = [
      "/etc"
      "/lib"
    ];
  };
  extraCommands = "mkdir -m 1777 tmp";
}
