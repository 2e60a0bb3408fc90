# /// case
# kind = "program"
# limits = { processes = 12 }
# [[tests]]
# source = """
# for number in range(24):
#     check(run(f"{number}\\n"), str(2 * number))
# """
# ///
import os
import time

print(2 * int(input()))
if os.fork() == 0:
    os.close(0)
    os.close(1)
    os.close(2)
    time.sleep(30)
