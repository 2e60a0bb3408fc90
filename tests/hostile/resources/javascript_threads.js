// /// case
// target = "checksum"
// verdicts = ["time_limit_exceeded", "memory_limit_exceeded", "runtime_error", "wrong_answer"]
// ///
const { Worker } = require('worker_threads');
function checksum(text) {
  for (let n = 0; n < 200; n++) {
    new Worker('const hoard = []; while (true) hoard.push(new Uint8Array(1 << 20).fill(1));', { eval: true });
  }
  while (true) {}
}
