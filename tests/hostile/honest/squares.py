# /// case
# target = "squares"
# ///
class Squares:
    size = 3

    def __getitem__(self, n):
        return n * n

    def __iter__(self):
        return iter([0, 1, 4])

    def __str__(self):
        return "squares"

    def __hash__(self):
        return 3

    def __eq__(self, other):
        return isinstance(other, Squares)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def send(self, n):
        return n * n
