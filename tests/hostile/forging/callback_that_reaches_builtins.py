# /// case
# target = "callback"
# ///
def apply_twice(function, value):
    for path in ("__self__.__import__", "__globals__", "__call__.__self__.__globals__"):
        thing = function
        try:
            for name in path.split("."):
                thing = getattr(thing, name)
            print("BREACH", thing)
        except AttributeError:
            pass
    return function(0)
