// /// case
// kind = "program"
// languages = ["go"]
// says = ["so it ends"]
// [[tests]]
// source = "check(run(), \"\")"
// ///
package main

func main() {
	panic("so it ends")
}
