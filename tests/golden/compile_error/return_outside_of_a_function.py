# /// case
# says = ["line 1", "return"]
# [[tests]]
# source = "assert double(2) == 4"
# ///
return 4
