// /// case
// kind = "program"
// languages = ["java"]
// says = ["incompatible types"]
// [[tests]]
// source = "check(run(), \"\")"
// ///
public class Main { public static void main(String[] args) { int x = "one"; } }
