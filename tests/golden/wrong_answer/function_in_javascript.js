// /// case
// languages = ["python", "javascript"]
// [[tests]]
// source = "assert double(2) == 4"
// ///
const double = x => x + 3;
