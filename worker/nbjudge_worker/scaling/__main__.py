"""The scaler as a process: `python -m nbjudge_worker.scaling`, the same as `nbjudge workers`."""

import sys

from nbjudge_worker.scaling.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
