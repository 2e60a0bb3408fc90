// /// case
// languages = ["python", "javascript"]
// says = ["Cell:1", "^"]
// [[tests]]
// source = "assert double(2) == 4"
// ///
const double = x => ;
