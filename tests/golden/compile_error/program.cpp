// /// case
// kind = "program"
// languages = ["cpp"]
// says = ["missing"]
// [[tests]]
// source = "check(run(), \"\")"
// ///
#include <iostream>
int main() { std::cout << missing; }
