// /// case
// languages = ["python", "javascript"]
// limits = { memory_bytes = 67108864, cpu_seconds = 5.0, wall_seconds = 20.0 }
// [[tests]]
// source = "assert double(2) == 4"
// ///
const all = [];
function double(x) {
  for (;;) all.push(Buffer.alloc(1 << 20, 1));
}
