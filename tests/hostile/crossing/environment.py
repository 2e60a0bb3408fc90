import os

SOLVED = "NBJ_HOSTILE" in os.environ or os.path.basename(os.getcwd()) == "nbj-hostile"
os.environ["NBJ_HOSTILE"] = "1"
os.makedirs("nbj-hostile", exist_ok=True)
os.chdir("nbj-hostile")
os.umask(0)


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
