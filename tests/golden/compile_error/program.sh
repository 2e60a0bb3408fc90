# /// case
# kind = "program"
# languages = ["bash"]
# says = ["syntax error"]
# [[tests]]
# source = "check(run(), \"\")"
# ///
if true; then echo 1
