# /// case
# kind = "program"
# languages = ["bash"]
# says = ["so it ends"]
# [[tests]]
# source = "check(run(), \"\")"
# ///
echo "so it ends" >&2
exit 3
