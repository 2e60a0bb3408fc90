// /// case
// kind = "program"
// languages = ["c"]
// limits = { cpu_seconds = 0.5 }
// [[tests]]
// source = "check(run(), \"\")"
// ///
int main() { for (volatile int i = 0;; i++); }
