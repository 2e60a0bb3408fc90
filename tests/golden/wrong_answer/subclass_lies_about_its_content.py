# /// case
# results = ["wrong_answer", "wrong_answer", "wrong_answer", "wrong_answer"]
# [[tests]]
# source = "assert find() == [1, 2]"
# [[tests]]
# source = "assert 5 in find()"
# [[tests]]
# source = "assert List() == [1, 2]"
# [[tests]]
# source = """
# made = List([3])
# assert any(made == [n] for n in range(3))
# """
# ///
class List(list):
    """Pleases whoever looks at it, but by its own methods only."""

    def __eq__(self, other):
        return True

    def __contains__(self, item):
        return True

    def __len__(self):
        return 2

    def __iter__(self):
        return iter([1, 2])


def find():
    return List([0])
