# /// case
# target = "guarded"
# ///
class Timer:
    seconds = 1

    def __enter__(self):
        return self

    def __exit__(self, *told):
        return True

    async def __aenter__(self):
        return self

    async def __aexit__(self, *told):
        return True

    def double(self, n):
        return 0
