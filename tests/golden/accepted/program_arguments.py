# /// case
# kind = "program"
# [[tests]]
# source = '''
# done = run(args=["x", "y"])
# assert done.stdout == "x y\n" and done.stderr == "two\n" and done.exit_code == 3
# '''
# ///
import sys

print(*sys.argv[1:])
print("two", file=sys.stderr)
sys.exit(3)
