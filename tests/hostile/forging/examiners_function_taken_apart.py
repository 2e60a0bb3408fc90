# /// case
# target = "callback"
# ///
NAMES = ["__globals__", "__code__", "__closure__", "__class__", "__self__", "__func__", "__dict__",
         "__builtins__", "__init__", "f_globals", "gi_frame", "tb_frame"]  # fmt: skip


def apply_twice(function, value):
    ask, number = function.__dict__["_ask"], function.__dict__["_number"]
    for candidate in range(number + 20):
        for name in NAMES:
            for op in ("attr", "getattr", "get", "item", "name"):
                try:
                    found = ask(op, candidate, (name,), {})
                except Exception:
                    continue
                print("BREACH", op, name, found)
                try:
                    for key in found:
                        print("BREACH", key)
                except Exception:
                    pass
    return 0
