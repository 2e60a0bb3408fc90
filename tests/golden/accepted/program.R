# /// case
# kind = "program"
# languages = ["r"]
# [[tests]]
# source = """
# check(run("3 4\\n"), "7")
# check(run("5 6\\n"), "11")
# """
# [[tests]]
# source = """
# ended = run("1 2\\n", ["-v"])
# assert ended.stdout == "3\\n-v\\n"
# assert ended.exit_code == 0
# """
# ///
numbers <- scan(file("stdin"), quiet = TRUE)
cat(sum(numbers), "\n", sep = "")
arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) > 0) cat(arguments[1], "\n", sep = "")
