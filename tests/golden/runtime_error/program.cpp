// /// case
// kind = "program"
// languages = ["cpp"]
// says = ["so it ends"]
// [[tests]]
// source = "check(run(), \"\")"
// ///
#include <stdexcept>
int main() { throw std::runtime_error("so it ends"); }
