# /// case
# points = 2.0
# [[tests]]
# source = "assert count() == 1"
# [[tests]]
# source = "assert count() in (1, 2)"
# ///
calls = 0


def count():
    global calls
    calls += 1
    return calls
