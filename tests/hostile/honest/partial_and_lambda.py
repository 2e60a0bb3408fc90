from functools import partial

checksum = partial(lambda factor, text: factor * sum(i * ord(c) for i, c in enumerate(text, 1)), 4099)
