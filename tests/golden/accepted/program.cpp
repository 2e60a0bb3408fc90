// /// case
// kind = "program"
// languages = ["cpp"]
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
#include <iostream>
int main(int argc, char **argv) {
    int a, b;
    std::cin >> a >> b;
    std::cout << a + b << std::endl;
    if (argc > 1) std::cout << argv[1] << std::endl;
}
