// /// case
// kind = "program"
// languages = ["rust"]
// says = ["so it ends"]
// [[tests]]
// source = "check(run(), \"\")"
// ///
fn main() {
    panic!("so it ends");
}
