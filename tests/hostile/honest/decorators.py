import functools


def loud(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        print("calling", function.__name__)
        return function(*args, **kwargs)

    return wrapper


@loud
@functools.lru_cache(maxsize=None)
def checksum(text):
    return functools.reduce(lambda a, p: a + p[0] * ord(p[1]), enumerate(text, 1), 0) * 4099
