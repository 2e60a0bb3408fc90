// /// case
// kind = "program"
// languages = ["rust"]
// says = ["mismatched types"]
// [[tests]]
// source = "check(run(), \"\")"
// ///
fn main() { let x: i32 = "one"; }
