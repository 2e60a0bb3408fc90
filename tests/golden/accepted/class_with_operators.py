# /// case
# [[tests]]
# source = """
# a, b = Vector(1, 2), Vector(3, 4)
# assert a + b == Vector(4, 6)
# assert (a * 3).x == 3
# assert isinstance(a, Vector) and not isinstance(a, int)
# assert str(a) == "(1, 2)"
# assert len({Vector(1, 2).x, 1}) == 1
# """
# ///
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor)

    def __eq__(self, other):
        return isinstance(other, Vector) and (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))

    def __str__(self):
        return f"({self.x}, {self.y})"
