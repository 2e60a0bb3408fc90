# /// case
# verdicts = ["wrong_answer", "runtime_error", "time_limit_exceeded"]
# target = "checksum"
# ///
import gc
import sys

for name, module in list(sys.modules.items()):
    if name.startswith("nbjudge_worker"):
        for attribute in list(vars(module)):
            if not attribute.startswith("__"):
                setattr(module, attribute, lambda *args, **kwargs: '["v",true]')


def checksum(text):
    return 0
