// /// case
// kind = "program"
// languages = ["c"]
// [[tests]]
// source = """
// secret = 37
// with talk() as program:
//     program.write("1 100\\n")
//     for guesses in range(1, 8):
//         guess = int(program.readline())
//         if guess == secret:
//             program.write("right\\n")
//             break
//         program.write("higher\\n" if guess < secret else "lower\\n")
// assert guess == secret
// assert program.ended.exit_code == 0
// """
// ///
#include <stdio.h>
int main() {
    int low, high;
    char answer[16];
    scanf("%d %d", &low, &high);
    for (;;) {
        int guess = (low + high) / 2;
        printf("%d\n", guess);
        fflush(stdout);
        if (scanf("%15s", answer) != 1 || answer[0] == 'r') break;
        if (answer[0] == 'h') low = guess + 1; else high = guess - 1;
    }
}
