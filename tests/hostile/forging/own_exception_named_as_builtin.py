# /// case
# target = "root"
# ///
class ValueError(Exception):  # noqa: A001
    pass


ValueError.__module__ = "builtins"


def root(n):
    raise ValueError("negative")
