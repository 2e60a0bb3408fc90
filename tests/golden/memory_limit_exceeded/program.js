// /// case
// kind = "program"
// languages = ["javascript"]
// limits = { memory_bytes = 67108864, cpu_seconds = 5.0, wall_seconds = 20.0 }
// [[tests]]
// source = "check(run(), \"\")"
// ///
const all = [];
for (;;) all.push(new Array(1 << 16).fill(all.length + 0.5));
