# /// case
# [[tests]]
# source = "assert answer == 42"
# ///
import asyncio


async def find():
    await asyncio.sleep(0)
    return 42


answer = await find()
