# /// case
# limits = { output_bytes = 65536 }
# [[tests]]
# source = "assert double(2) == 4"
# ///
def double(n):
    while True:
        print("still here")
