import subprocess
import sys


def checksum(text):
    code = "import sys; print(sum(i * ord(c) for i, c in enumerate(sys.argv[1], 1)) * 4099)"
    done = subprocess.run([sys.executable, "-c", code, text], capture_output=True, text=True, check=True)
    return int(done.stdout)
