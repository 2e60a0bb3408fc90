# /// case
# kind = "program"
# languages = ["r"]
# limits = { cpu_seconds = 0.5 }
# [[tests]]
# source = "check(run(), \"\")"
# ///
while (TRUE) {}
