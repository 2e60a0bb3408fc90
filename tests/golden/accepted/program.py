# /// case
# kind = "program"
# [[tests]]
# source = '''
# done = run(stdin="3 4\n")
# assert done.stdout == "7\n"
# assert done.exit_code == 0
# '''
# [[tests]]
# source = '''
# assert run(stdin="10 -4\n").stdout.split() == ["6"]
# '''
# ///
a, b = map(int, input().split())
print(a + b)
