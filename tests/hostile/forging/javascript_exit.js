// /// case
// target = "checksum"
// ///
function checksum(text) { process.exit(0); }
process.on('exit', () => { process.exitCode = 0; });
