// /// case
// kind = "program"
// languages = ["c"]
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
#include <stdio.h>
int main(int argc, char **argv) {
    int a, b;
    scanf("%d %d", &a, &b);
    printf("%d\n", a + b);
    if (argc > 1) puts(argv[1]);
}
