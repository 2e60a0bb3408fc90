// /// case
// languages = ["python", "javascript"]
// [[tests]]
// source = "assert double(2) == 4"
// [[tests]]
// source = "assert double([1]) == [1, 1]"
// ///
function double(x) {
  return Array.isArray(x) ? [...x, ...x] : 2 * x;
}
