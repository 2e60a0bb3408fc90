// /// case
// kind = "program"
// languages = ["go"]
// [[tests]]
// source = """
// check(run("3 4\\n"), "7")
// check(run("5 6\\n"), "11")
// """
// [[tests]]
// source = """
// ended = run("1 2\\n", ["-v"])
// assert ended.stdout == "3\\n-v\\n"
// assert ended.exit_code == 0
// """
// ///
package main

import (
	"fmt"
	"os"
)

func main() {
	var a, b int
	fmt.Scan(&a, &b)
	fmt.Println(a + b)
	if len(os.Args) > 1 {
		fmt.Println(os.Args[1])
	}
}
