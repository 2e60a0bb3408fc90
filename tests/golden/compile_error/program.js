// /// case
// kind = "program"
// languages = ["javascript"]
// says = ["SyntaxError"]
// [[tests]]
// source = "check(run(), \"\")"
// ///
console.log(1
let x = ;
