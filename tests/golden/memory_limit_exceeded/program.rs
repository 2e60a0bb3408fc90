// /// case
// kind = "program"
// languages = ["rust"]
// limits = { memory_bytes = 67108864, cpu_seconds = 5.0, wall_seconds = 20.0 }
// [[tests]]
// source = "check(run(), \"\")"
// ///
fn main() {
    let mut all = Vec::new();
    loop {
        all.push(vec![all.len() as u8 | 1; 1 << 24]);
    }
}
