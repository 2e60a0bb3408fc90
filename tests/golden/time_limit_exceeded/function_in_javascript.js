// /// case
// languages = ["python", "javascript"]
// [[tests]]
// source = "assert double(2) == 4"
// ///
function double(x) {
  for (;;);
}
