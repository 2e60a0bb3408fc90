# /// case
# kind = "program"
# languages = ["bash"]
# limits = { memory_bytes = 67108864, cpu_seconds = 5.0, wall_seconds = 20.0 }
# [[tests]]
# source = "check(run(), \"\")"
# ///
text=x
while :; do text=$text$text; done
