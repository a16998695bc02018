# The Apache server by `buildImage`, on the base that nginx has too (base.nix is the same file): `reuse-from` in workflow.yml
# names the image of nginx, so the registry takes the layer of the base from there, and the push sends only Apache.
{
  description = "Apache with pages of its own";

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

          # Some may be compiled in.
          modules = [
            "authz_core"
            "dir"
            "log_config"
            "mime"
            "mpm_event"
            "unixd"
          ];

          configuration = pkgs.writeText "httpd.conf" ''
            ServerRoot ${pkgs.apacheHttpd}
            ServerName localhost
            Listen 8080
            DefaultRuntimeDir /run
            PidFile /run/httpd.pid
            ErrorLog /dev/stderr
            ${pkgs.lib.concatMapStrings (name: ''
              <IfModule !${name}_module>
                LoadModule ${name}_module modules/mod_${name}.so
              </IfModule>
            '') modules}
            TypesConfig conf/mime.types
            DocumentRoot ${./pages}
            DirectoryIndex index.html
          '';
        in
        {
          image = pkgs.dockerTools.buildImage {
            name = "apache";
            tag = "latest";
            fromImage = import ./base.nix { inherit pkgs; };
            extraCommands = "mkdir -m 1777 run";
            config = {
              Cmd = [
                "${pkgs.apacheHttpd}/bin/httpd"
                "-DFOREGROUND"
                "-f"
                "${configuration}"
              ];
              # `web` of base.nix. Some engines look up no name where /etc/passwd is a link.
              User = "1000:1000";
              ExposedPorts."8080/tcp" = { };
              # Apache ends gracefully.
              StopSignal = "SIGWINCH";
            };
          };
        }
      );
    };
}
