// /// case
// kind = "program"
// languages = ["cpp"]
// limits = { memory_bytes = 67108864, cpu_seconds = 5.0, wall_seconds = 20.0 }
// [[tests]]
// source = "check(run(), \"\")"
// ///
#include <vector>
int main() {
    std::vector<std::vector<char>> all;
    for (;;) all.emplace_back(1 << 24, 1);
}
