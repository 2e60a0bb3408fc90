# /// case
# target = "leaky"
# ///
import glob


def measure(text):
    for folder in (".", "/tmp", "/dev/shm"):
        try:
            with open(f"{folder}/nbj-hostile-notes", "a") as notes:
                notes.write(text)
        except OSError:
            pass
    for name in glob.glob("/*/nbj-hostile-notes") + glob.glob("nbj-hostile-notes"):
        print(open(name).read())
    return 0
