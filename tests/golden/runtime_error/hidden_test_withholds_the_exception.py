# /// case
# says = ["Think of zero"]
# never = ["Told_987654", "987654"]
# [[tests]]
# hidden = true
# hint = "Think of zero"
# source = "assert double(987654) == 1975308"
# ///
def double(n):
    raise type(f"Told_{n}", (Exception,), {})(n)
