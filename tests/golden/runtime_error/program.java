// /// case
// kind = "program"
// languages = ["java"]
// says = ["so it ends"]
// [[tests]]
// source = "check(run(), \"\")"
// ///
public class Main {
    public static void main(String[] args) {
        throw new IllegalStateException("so it ends");
    }
}
