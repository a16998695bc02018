# Writes the docker-archive of a buildImage: the layers of the base, and one with the files of `layer` and those store paths
# of the closure that the base lacks. Arguments: the file of the closure, and of the archive. Settings are variables.
import gzip, hashlib, json, os, subprocess, sys, tarfile

closure_file, archive_file = sys.argv[1:]
env = os.environ
time = "1970-01-01T00:00:01Z"


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


members, diff_ids, history, there = [], [], [], set()
if env.get("fromImage"):
    os.mkdir("base")
    subprocess.run(["tar", "-C", "base", "-xf", env["fromImage"]], check=True)
    with open("base/manifest.json") as file:
        [base] = json.load(file)
    with open(f"base/{base['Config']}") as file:
        config = json.load(file)
    members = base["Layers"]
    diff_ids = config["rootfs"]["diff_ids"]
    history = config["history"]
    for member in members:
        os.renames(f"base/{member}", f"image/{member}")
        with tarfile.open(f"image/{member}") as layer:
            there.update(name.removeprefix("./").rstrip("/") for name in layer.getnames())

pack = ["tar", "--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@1", "--hard-dereference"]
tar = [*pack, "--file=layer.tar"]
subprocess.run([*tar, "--create", "--directory=layer", "."], check=True)
with open(closure_file) as file:
    paths = [path[1:] for path in file.read().split() if path[1:] not in there]
if paths:
    # The store itself too, so that users other than root can read it.
    os.makedirs("parents/nix/store")
    if "nix/store" not in there:
        subprocess.run([*tar, "--append", "--directory=parents", "nix"], check=True)
    subprocess.run([*tar, "--append", "--directory=/", *paths], check=True)

sum = digest("layer.tar")
members = [*members, f"{sum}/layer.tar"]
os.renames("layer.tar", f"image/{sum}/layer.tar")
config = {
    "created": time,
    "architecture": env["architecture"],
    "os": "linux",
    "config": json.loads(env["config"]),
    "rootfs": {"type": "layers", "diff_ids": [*diff_ids, f"sha256:{sum}"]},
    "history": [*history, {"created": time}],
}
with open("image/config.json", "w") as file:
    json.dump(config, file)
name = f"{digest('image/config.json')}.json"
os.rename("image/config.json", f"image/{name}")
with open("image/manifest.json", "w") as file:
    json.dump([{"Config": name, "RepoTags": [f"{env['name']}:{env['tag']}"], "Layers": members}], file)
members = [*members, name, "manifest.json"]
subprocess.run([*pack, "--directory=image", "--create", "--file=image.tar", *members], check=True)
with open("image.tar", "rb") as file, open(archive_file, "wb") as out:
    with gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=out, mtime=0) as packed:
        while block := file.read(1 << 20):
            packed.write(block)
