# /// case
# kind = "program"
# languages = ["bash"]
# limits = { cpu_seconds = 0.5 }
# [[tests]]
# source = "check(run(), \"\")"
# ///
while :; do :; done
