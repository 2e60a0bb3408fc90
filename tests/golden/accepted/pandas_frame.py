# /// case
# libraries = ["numpy", "pandas"]
# [[tests]]
# source = """
# import pandas as pd
# frame = pd.DataFrame({"name": ["a", "b", "a"], "n": [1, 2, 3]})
# pd.testing.assert_series_equal(totals(frame), pd.Series([4, 2], index=pd.Index(["a", "b"], name="name"), name="n"))
# """
# ///
def totals(frame):
    return frame.groupby("name")["n"].sum()
