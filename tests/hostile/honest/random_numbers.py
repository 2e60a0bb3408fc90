import random
import secrets
import uuid

random.seed(1)


def checksum(text):
    pairs = list(enumerate(text, 1))
    random.shuffle(pairs)
    assert uuid.uuid4() and secrets.token_hex()
    return sum(i * ord(c) for i, c in pairs) * 4099
