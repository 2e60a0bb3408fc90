# /// case
# target = "cases"
# ///
import unittest


def double(n):
    raise unittest.SkipTest("not today")
