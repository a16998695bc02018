# A web application and the proxy before it. One attribute set says what runs (`processes`); each process becomes an image,
# and one step of the workflow pushes both, each under tags of its own. Run them where they share a network, as the
# containers of a Kubernetes pod do.
{
  description = "A web application behind nginx";

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

          processes = {
            web = {
              port = 8000;
              command = [
                "${pkgs.python3}/bin/python3"
                "${./web.py}"
                (toString processes.web.port)
              ];
            };
            proxy = {
              port = 8080;
              command = [
                "${pkgs.nginx}/bin/nginx"
                "-e"
                "stderr"
                "-c"
                "${pkgs.writeText "nginx.conf" ''
                  daemon off;
                  pid /tmp/nginx.pid;
                  error_log stderr;
                  events { }
                  http {
                    access_log off;
                    client_body_temp_path /tmp/body;
                    proxy_temp_path /tmp/proxy;
                    fastcgi_temp_path /tmp/fastcgi;
                    uwsgi_temp_path /tmp/uwsgi;
                    scgi_temp_path /tmp/scgi;
                    server {
                      listen ${toString processes.proxy.port};
                      location / {
                        proxy_pass http://127.0.0.1:${toString processes.web.port};
                        proxy_set_header X-Forwarded-For $remote_addr;
                      }
                    }
                  }
                ''}"
              ];
            };
          };

          imageOf =
            name:
            { port, command }:
            pkgs.dockerTools.buildLayeredImage {
              inherit name;
              contents = [
                pkgs.dockerTools.caCertificates
                pkgs.dockerTools.fakeNss
              ];
              extraCommands = "mkdir -m 1777 tmp";
              config = {
                Cmd = command;
                User = "65534:65534";
                ExposedPorts."${toString port}/tcp" = { };
              };
            };
        in
        builtins.mapAttrs imageOf processes
      );
    };
}
