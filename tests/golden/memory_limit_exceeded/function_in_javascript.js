// /// case
// languages = ["python", "javascript"]
// [[tests]]
// source = "assert double(2) == 4"
// ///
const all = [];
function double(x) {
  for (;;) all.push(Buffer.alloc(1 << 20, 1));
}
