// /// case
// kind = "program"
// languages = ["javascript"]
// says = ["so it ends"]
// [[tests]]
// source = "check(run(), \"\")"
// ///
throw new Error('so it ends');
