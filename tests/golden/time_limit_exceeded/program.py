# /// case
# kind = "program"
# limits = { cpu_seconds = 0.5, wall_seconds = 5.0 }
# [[tests]]
# source = 'assert run(stdin="3").stdout == "6"'
# ///
while True:
    pass
