// /// case
// kind = "program"
// languages = ["c"]
// says = ["main.c"]
// [[tests]]
// source = "check(run(), \"\")"
// ///
int main( { return 0; }
