// /// case
// kind = "program"
// languages = ["c"]
// says = ["so it ends"]
// [[tests]]
// source = "check(run(), \"\")"
// ///
#include <stdio.h>
int main() {
    volatile int *nowhere = 0;
    fprintf(stderr, "so it ends\n");
    return *nowhere;
}
