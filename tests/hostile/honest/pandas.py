# /// case
# target = "checksum_pandas"
# ///
import pandas as pd


def checksum(text):
    frame = pd.DataFrame({"code": [ord(c) for c in text]})
    frame["place"] = frame.index + 1
    return int((frame.code * frame.place).sum()) * 4099
