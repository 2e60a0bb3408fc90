# /// case
# limits = { output_bytes = 65536 }
# [[tests]]
# source = "assert double(2) == 4"
# ///
import sys


def double(n):
    while True:
        sys.stderr.write("x" * 1000)
