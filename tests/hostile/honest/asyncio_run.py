import asyncio


async def weigh(i, c):
    await asyncio.sleep(0.001)
    return i * ord(c)


async def gather(text):
    return sum(await asyncio.gather(*(weigh(i, c) for i, c in enumerate(text, 1))))


def checksum(text):
    return asyncio.run(gather(text)) * 4099
