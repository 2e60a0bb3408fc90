# /// case
# kind = "program"
# languages = ["r"]
# says = ["unexpected"]
# [[tests]]
# source = "check(run(), \"\")"
# ///
x <- (1 +
