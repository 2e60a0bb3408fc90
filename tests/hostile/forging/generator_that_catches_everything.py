# /// case
# target = "wrapped"
# ///
def fail(n):
    raise ValueError


def opened():
    try:
        yield {"double": fail}
    except BaseException:
        return
