// /// case
// kind = "program"
// languages = ["java"]
// limits = { cpu_seconds = 0.5 }
// [[tests]]
// source = "check(run(), \"\")"
// ///
public class Main { public static void main(String[] args) { for (long i = 0;; i++); } }
