// /// case
// kind = "program"
// languages = ["java"]
// [[tests]]
// source = """
// check(run("3 4\\n"), "7")
// check(run("5 6\\n"), "11")
// """
// [[tests]]
// source = """
// ended = run("1 2\\n", ["-v"])
// assert ended.stdout == "3\\n-v\\n"
// assert ended.exit_code == 0
// """
// ///
import java.util.Scanner;

public class Main {
    static class Adder {
        int sum(int a, int b) { return a + b; }
    }

    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        System.out.println(new Adder().sum(in.nextInt(), in.nextInt()));
        if (args.length > 0) System.out.println(args[0]);
    }
}
