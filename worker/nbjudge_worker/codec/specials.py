"""The special methods that pass from the examiner's proxies to the student's objects."""

BINARY = (
    "add", "sub", "mul", "truediv", "floordiv", "mod", "divmod", "pow", "matmul",
    "and", "or", "xor", "lshift", "rshift",
)  # fmt: skip
OPERATORS = tuple(f"__{side}{name}__" for name in BINARY for side in ("", "r"))
IN_PLACE = tuple(f"__i{name}__" for name in BINARY if name != "divmod")
ORDERS = ("__lt__", "__le__", "__gt__", "__ge__")
OTHERS = (
    "__call__", "__len__", "__getitem__", "__setitem__", "__delitem__", "__contains__",
    "__iter__", "__next__", "__reversed__", "__enter__", "__exit__",
    "__neg__", "__pos__", "__abs__", "__invert__", "__bool__", "__int__", "__float__",
    "__complex__", "__index__", "__round__", "__trunc__", "__floor__", "__ceil__",
    "__aiter__", "__anext__", "__aenter__", "__aexit__",
)  # fmt: skip
SPECIALS = frozenset((*OPERATORS, *IN_PLACE, *ORDERS, *OTHERS))
