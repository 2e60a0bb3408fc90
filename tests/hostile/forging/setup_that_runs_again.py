# /// case
# target = "unrepeatable"
# results = ["runtime_error", "wrong_answer"]
# ///
import os


def make():
    os._exit(0)
