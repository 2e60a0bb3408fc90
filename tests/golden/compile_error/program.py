# /// case
# kind = "program"
# says = ["line 2"]
# [[tests]]
# source = 'assert run(stdin="3").stdout == "6"'
# ///
n = int(input())
print(2 * n
