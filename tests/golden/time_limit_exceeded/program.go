// /// case
// kind = "program"
// languages = ["go"]
// limits = { cpu_seconds = 0.5 }
// [[tests]]
// source = "check(run(), \"\")"
// ///
package main

func main() {
	for {
	}
}
