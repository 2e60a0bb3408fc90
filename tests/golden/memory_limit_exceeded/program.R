# /// case
# kind = "program"
# languages = ["r"]
# limits = { memory_bytes = 67108864, cpu_seconds = 5.0, wall_seconds = 20.0 }
# [[tests]]
# source = "check(run(), \"\")"
# ///
all <- list()
repeat all[[length(all) + 1]] <- runif(1e6)
