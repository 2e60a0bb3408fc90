# /// case
# target = "leaky"
# ///
import linecache

seen = []


def measure(text):
    seen.append(text)
    for name in list(linecache.cache) + ["<cell>"]:
        linecache.cache[name] = (1, None, [" ".join(seen) + "\n"] * 100, name)
    exec(compile("\n" * 3 + "1/0", "<cell>", "exec"))
