# /// case
# target = "banking"
# ///
def attempt(function, *args):
    try:
        function(*args)
    except Exception:
        return


def pay(bank, kind):
    for name, value in (("total", lambda *_: 7), ("limit", 7), ("send", lambda *_: None)):
        attempt(setattr, bank, name, value)
        attempt(setattr, kind, name, value)
