// /// case
// kind = "program"
// languages = ["go"]
// limits = { memory_bytes = 67108864, cpu_seconds = 5.0, wall_seconds = 20.0 }
// [[tests]]
// source = "check(run(), \"\")"
// ///
package main

func main() {
	all := [][]byte{}
	for {
		part := make([]byte, 1<<24)
		for i := range part {
			part[i] = 1
		}
		all = append(all, part)
	}
}
