import multiprocessing


def weigh(pair):
    return pair[0] * ord(pair[1])


def checksum(text):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return sum(pool.map(weigh, list(enumerate(text, 1)))) * 4099
