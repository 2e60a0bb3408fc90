# /// case
# [[tests]]
# source = """
# s = Stack()
# s.push(1)
# s.push(2)
# assert s == [1, 2]
# assert [1, 2] == s
# assert s != [1]
# assert len(s) == 2
# assert s[0] == 1
# assert list(s) == [1, 2]
# assert 2 in s
# assert s.peek() == 2
# assert s.pop() == 2
# assert s == [1]
# assert s.size == 1
# assert isinstance(s, Stack)
# assert isinstance(s, list)
# s.append(5)
# s[0] = 4
# assert s == [4, 5]
# assert s + [6] == [4, 5, 6]
# s.extend([7])
# assert sum(s) == 16
# assert sorted(s, reverse=True) == [7, 5, 4]
# """
# [[tests]]
# source = """
# bag = Bag("banana")
# assert bag == {"b": 1, "a": 3, "n": 2}
# assert bag["z"] == 0
# assert bag.most() == "a"
# assert dict(bag) == {"b": 1, "a": 3, "n": 2}
# assert sorted(bag.items()) == [("a", 3), ("b", 1), ("n", 2)]
# """
# [[tests]]
# source = """
# p = Point(3, 4)
# assert p.norm() == 5.0
# assert p == (3, 4)
# assert p.x == 3
# x, y = p
# assert (x, y) == (3, 4)
# """
# [[tests]]
# source = """
# warm = Celsius(20)
# assert warm == 20
# assert warm.fahrenheit == approx(68)
# assert warm + 5 == 25
# assert warm < 30
# assert float(warm) == 20.0
# assert {20: "room"}[warm] == "room"
# """
# ///
from typing import NamedTuple


class Stack(list):
    def push(self, item):
        self.append(item)

    def peek(self):
        return self[-1]

    @property
    def size(self):
        return len(self)


class Bag(dict):
    def __init__(self, items):
        for item in items:
            self[item] = self[item] + 1

    def __missing__(self, key):
        return 0

    def most(self):
        return max(self, key=self.get)


class Point(NamedTuple):
    x: float
    y: float

    def norm(self):
        return (self.x**2 + self.y**2) ** 0.5


class Celsius(float):
    @property
    def fahrenheit(self):
        return self * 9 / 5 + 32
