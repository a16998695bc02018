# tree.py pax|gnu FILE: a tar of whatever a layer may have. tree.py list FILE: its members as Python reads them.
import io, json, random, sys, tarfile

rnd = random.Random(1)


def write(path, form):
    tar = tarfile.open(path, "w", format=form)

    def add(name, type=tarfile.REGTYPE, data=b"", mode=0o644, link="", uid=0, gid=0, mtime=1, pax={}):
        info = tarfile.TarInfo(name)
        info.type, info.mode, info.linkname, info.size = type, mode, link, len(data)
        info.uid, info.gid, info.mtime, info.pax_headers = uid, gid, mtime, pax
        tar.addfile(info, io.BytesIO(data))

    directory, symlink = tarfile.DIRTYPE, tarfile.SYMTYPE
    add("./", directory, mode=0o755)
    add("nix", directory, mode=0o755)
    add("nix/store", directory, mode=0o1775)
    for d in range(5):
        add(f"nix/store/p{d}", directory, mode=0o555)
        for f in range(10):
            add(f"nix/store/p{d}/f{f}", data=b"text %d " % f * rnd.randrange(1, 9000), mode=0o444 if f % 2 else 0o555)
    add("e/", directory, mode=0o755)
    add("e/empty")
    add("e/one-block", data=rnd.randbytes(512))
    add("e/symlink", symlink, link="../nix/store/p0/f0", mode=0o777)
    add("e/hard link", tarfile.LNKTYPE, link="nix/store/p0/f0", mode=0o555)
    add("e/twin", data=b"same content" * 1000)
    add("e/other-twin", data=b"same content" * 1000, mode=0o755)
    long = "e/" + "l" * 90
    add(long, directory, mode=0o755)
    add(long + "/" + "m" * 120, data=b"more than 100 bytes")
    for d in range(3):
        long += "/" + "d" * 80 + str(d)
        add(long, directory, mode=0o755)
    add(long + "/" + "n" * 200, data=b"more than 255 bytes", mode=0o600)
    add("e/" + "s" * 150, symlink, link="t" * 200, mode=0o777)
    add("e/ünïcode-文件", data="ünïcode".encode())
    add("e/symlink to ünïcode", symlink, link="ünïcode-文件", mode=0o777)
    add("e/<&>\"q'\\\n ", data=b"quoted")
    add("e/suid", data=b"x", mode=0o4755, uid=1000, gid=100)
    add("e/time", data=b"y", mtime=1700000000)
    add("e/fifo", tarfile.FIFOTYPE)
    add("e/large", data=rnd.randbytes(3 << 20) + b"0" * (3 << 20))
    add("e/of-a-block", data=rnd.randbytes(2 << 20))
    add("e/.wh.removed")
    if form == tarfile.PAX_FORMAT:
        add("e/fraction", data=b"z", mtime=1700000000.25)
        add("e/xattr", data=b"w", pax={"SCHILY.xattr.user.test": "välue"})
        add("e/ids", data=b"u", uid=3000000, gid=3000000)
    tar.close()


def entries(path):
    types = {b"0": "reg", b"1": "hardlink", b"2": "symlink", b"5": "dir", b"6": "fifo"}
    for info in tarfile.open(path):
        # Python takes the slash from the end of a directory's name.
        yield {
            "type": types[info.type], "name": info.name.rstrip("/"), "linkName": info.linkname, "mode": info.mode,
            "size": info.size, "uid": info.uid, "gid": info.gid, "modtime": float(info.mtime),
        }


command, file = sys.argv[1:]
if command == "list":
    print(json.dumps(list(entries(file))))
else:
    write(file, {"pax": tarfile.PAX_FORMAT, "gnu": tarfile.GNU_FORMAT}[command])
