// /// case
// kind = "program"
// languages = ["rust"]
// limits = { cpu_seconds = 0.5 }
// [[tests]]
// source = "check(run(), \"\")"
// ///
fn main() {
    loop {}
}
