// /// case
// kind = "program"
// languages = ["cpp"]
// limits = { cpu_seconds = 0.5 }
// [[tests]]
// source = "check(run(), \"\")"
// ///
int main() { for (volatile int i = 0;;) i = i + 1; }
