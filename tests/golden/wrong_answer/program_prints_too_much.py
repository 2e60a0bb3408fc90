# /// case
# kind = "program"
# [[tests]]
# source = '''
# assert run(stdin="3 4\n").stdout == "7\n"
# '''
# ///
a, b = map(int, input("numbers? ").split())
print("the sum is", a + b)
