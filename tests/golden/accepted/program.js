// /// case
// kind = "program"
// languages = ["javascript"]
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
const [a, b] = require('fs').readFileSync(0, 'utf8').split(' ').map(Number);
console.log(a + b);
if (process.argv[2]) console.log(process.argv[2]);
