# Writes what Nix knows of a closure to $out: `store-paths`, one per line, and `registration` for `nix-store --load-db`. The
# path that only names the others is left out.
import json, os

with open(".attrs.json") as file:
    attributes = json.load(file)
out = attributes["outputs"]["out"]
closure = sorted(
    (one for one in attributes["closure"] if one["path"] != attributes["root"]), key=lambda one: one["path"]
)
os.mkdir(out)
with open(f"{out}/store-paths", "w") as file:
    file.writelines(f"{one['path']}\n" for one in closure)
with open(f"{out}/registration", "w") as file:
    for one in closure:
        references = sorted(one["references"])
        lines = [one["path"], one["narHash"], one["narSize"], "", len(references), *references]
        file.writelines(f"{line}\n" for line in lines)
