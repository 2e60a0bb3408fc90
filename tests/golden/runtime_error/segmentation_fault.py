# /// case
# [[tests]]
# source = "assert double(2) == 4"
# ///
import ctypes


def double(n):
    return ctypes.string_at(0)
