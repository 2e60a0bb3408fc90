# /// case
# kind = "program"
# languages = ["python"]
# [[tests]]
# source = """
# secret = 37
# with talk() as program:
#     program.write("1 100\\n")
#     for guesses in range(1, 8):
#         guess = int(program.readline())
#         if guess == secret:
#             program.write("right\\n")
#             break
#         program.write("higher\\n" if guess < secret else "lower\\n")
# assert guess == secret
# assert program.ended.exit_code == 0
# """
# ///
low, high = map(int, input().split())
while True:
    guess = (low + high) // 2
    print(guess, flush=True)
    answer = input()
    if answer == "right":
        break
    low, high = (guess + 1, high) if answer == "higher" else (low, guess - 1)
