"""Writes the docker-archive of a streamLayeredImage in the steps of nixpkgs' script: each layer's tar is made twice,
once for its digest and size, once through a pipe into the archive. Argument: the settings (conf.json)."""

import hashlib
import io
import json
import os
import pathlib
import sys
import tarfile
import threading
from datetime import datetime

with open(sys.argv[1]) as file:
    settings = json.load(file)
mtime = int(datetime.fromisoformat(settings["mtime"]).timestamp())


class Meter:
    def __init__(self):
        self.hash = hashlib.sha256()
        self.size = 0

    def write(self, data):
        self.hash.update(data)
        self.size += len(data)


def own(entry):
    entry.mtime = mtime
    entry.uid, entry.gid = int(settings["uid"]), int(settings["gid"])
    entry.uname, entry.gname = settings["uname"], settings["gname"]
    return entry


def write_layer(target, paths):
    with tarfile.open(fileobj=target, mode="w|") as tar:
        for name in ["/nix", "/nix/store"]:
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(own(entry))
        for root in map(pathlib.Path, paths):
            files = [root] if root.is_symlink() else [root, *root.rglob("*")]
            for path in sorted(files):
                entry = tar.gettarinfo(path)
                entry.name = "/" + entry.name
                if entry.islnk():
                    entry.type, entry.linkname, entry.size = tarfile.REGTYPE, "", path.stat().st_size
                if entry.isfile():
                    with open(path, "rb") as content:
                        tar.addfile(own(entry), content)
                else:
                    tar.addfile(own(entry))


def member(name, size):
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime = size, mtime
    return entry


def add_store_layer(archive, paths):
    meter = Meter()
    write_layer(meter, paths)
    digest = meter.hash.hexdigest()
    reading, writing = os.pipe()
    with open(reading, "rb") as source, open(writing, "wb") as sink:

        def produce():
            write_layer(sink, paths)
            sink.close()

        threading.Thread(target=produce).start()
        archive.addfile(member(f"{digest}/layer.tar", meter.size), source)
    return digest


def add_customisation_layer(archive, directory):
    digest = pathlib.Path(directory, "checksum").read_text().strip()
    with open(pathlib.Path(directory, "layer.tar"), "rb") as file:
        archive.addfile(member(f"{digest}/layer.tar", os.stat(file.fileno()).st_size), file)
    return digest


with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as archive:

    def add_json(name, value):
        data = json.dumps(value).encode()
        name = name or hashlib.sha256(data).hexdigest() + ".json"
        archive.addfile(member(name, len(data)), io.BytesIO(data))
        return name

    digests = [add_store_layer(archive, paths) for paths in settings["store_layers"]]
    digests.append(add_customisation_layer(archive, settings["customisation_layer"]))
    config = {
        "created": settings["created"],
        "architecture": settings["architecture"],
        "os": "linux",
        "config": settings["config"],
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest for digest in digests]},
        "history": [{"created": settings["created"]} for _ in digests],
    }
    layers = [f"{digest}/layer.tar" for digest in digests]
    add_json("manifest.json", [{"Config": add_json(None, config), "RepoTags": [settings["repo_tag"]], "Layers": layers}])
