# What flake.nix of the project takes from nixpkgs, for its command and its shell.
{ runCommand }:
let
  # A program of this machine, for what runs on this machine.
  host =
    pname: program:
    runCommand pname { } ''
      mkdir -p $out/bin
      ln -s ${program} $out/bin/${baseNameOf program}
    '';
in
{
  writeShellScriptBin =
    name: text:
    runCommand name
      {
        script = ''
          #!/bin/sh
          ${text}
        '';
        meta.mainProgram = name;
      }
      ''
        mkdir -p $out/bin
        printf %s "$script" > $out/bin/${name}
        chmod +x $out/bin/${name}
      '';

  mkShellNoCC =
    { packages }:
    runCommand "nix-shell" {
      nativeBuildInputs = packages;
    } "touch $out";

  gitMinimal = host "git-minimal" "/usr/bin/git";
  go = host "go" "/usr/bin/go";
  skopeo = host "skopeo" "/usr/bin/skopeo";
}
