// /// case
// kind = "program"
// languages = ["c"]
// limits = { memory_bytes = 67108864, cpu_seconds = 5.0, wall_seconds = 20.0 }
// [[tests]]
// source = "check(run(), \"\")"
// ///
#include <stdlib.h>
#include <string.h>
int main() {
    for (;;) memset(malloc(1 << 24), 1, 1 << 24);
}
