# nginx by `buildImage`: a base that other images share, a user of its own, and directories that this user may write to.
# There is no `runAsRoot`, which would need a virtual machine.
{
  description = "nginx with pages of its own";

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

          configuration = pkgs.writeText "nginx.conf" ''
            daemon off;
            pid /run/nginx.pid;
            error_log stderr;
            events { }
            http {
              include ${pkgs.nginx}/conf/mime.types;
              access_log /dev/stdout;
              client_body_temp_path /var/cache/nginx/body;
              proxy_temp_path /var/cache/nginx/proxy;
              fastcgi_temp_path /var/cache/nginx/fastcgi;
              uwsgi_temp_path /var/cache/nginx/uwsgi;
              scgi_temp_path /var/cache/nginx/scgi;
              server {
                listen 8080;
                root ${./pages};
              }
            }
          '';
        in
        {
          image = pkgs.dockerTools.buildImage {
            name = "nginx";
            tag = "latest";
            fromImage = import ./base.nix { inherit pkgs; };
            # As /tmp, these are open to every user.
            extraCommands = "mkdir -p -m 1777 run var/cache/nginx";
            config = {
              Cmd = [
                "${pkgs.nginx}/bin/nginx"
                "-e"
                "stderr"
                "-c"
                "${configuration}"
              ];
              # `web` of base.nix. Some engines look up no name where /etc/passwd is a link.
              User = "1000:1000";
              ExposedPorts."8080/tcp" = { };
            };
          };
        }
      );
    };
}
