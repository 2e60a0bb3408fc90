# /// case
# kind = "program"
# languages = ["r"]
# says = ["so it ends"]
# [[tests]]
# source = "check(run(), \"\")"
# ///
stop("so it ends")
