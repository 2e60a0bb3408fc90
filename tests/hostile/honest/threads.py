from concurrent.futures import ThreadPoolExecutor


def checksum(text):
    with ThreadPoolExecutor(4) as pool:
        parts = pool.map(lambda pair: pair[0] * ord(pair[1]), enumerate(text, 1))
    return sum(parts) * 4099
