# /// case
# target = "count"
# ///
class Key(list):
    def __hash__(self):
        return 1

    def __eq__(self, other):
        return True


def count(text):
    return {Key([1]): 1, "a": {Key(), 2}}
