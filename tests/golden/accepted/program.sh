# /// case
# kind = "program"
# languages = ["bash"]
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
read -r a b
echo $((a + b))
if [ $# -gt 0 ]; then echo "$1"; fi
