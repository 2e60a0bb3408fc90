# /// case
# verdicts = ["wrong_answer", "time_limit_exceeded"]
# target = "program"
# ///
import os
import time

for _ in range(3):
    if os.fork() == 0:
        with open("/proc/self/comm", "w") as name:
            name.write("nbj-hostile")
        os.setsid()
        time.sleep(1000)
print(0)
