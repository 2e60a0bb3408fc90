// /// case
// kind = "program"
// languages = ["javascript"]
// limits = { cpu_seconds = 0.5 }
// [[tests]]
// source = "check(run(), \"\")"
// ///
for (;;) ;
