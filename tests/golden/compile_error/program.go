// /// case
// kind = "program"
// languages = ["go"]
// says = ["unused"]
// [[tests]]
// source = "check(run(), \"\")"
// ///
package main
func main() { unused := 1 }
