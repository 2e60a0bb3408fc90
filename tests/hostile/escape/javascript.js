// /// case
// target = "checksum"
// ///
const tries = [
  () => require('fs').readFileSync('@CANARY@/secret', 'utf8'),
  () => require('child_process').execSync('cat @CANARY@/secret', { encoding: 'utf8' }),
  () => process.env.NBJUDGE_CANARY,
  () => require('fs').readFileSync('/proc/@PID@/environ', 'utf8'),
  () => process.binding('fs') && require('fs').readdirSync('/home').join(),
  () => process.kill(@PID@, 0) && 'BREACH'
];
function checksum(text) {
  const found = [];
  for (const attempt of tries) {
    try {
      found.push(attempt());
    } catch {}
  }
  require('net').connect(@PORT@, '127.0.0.1').on('error', () => {});
  require('net').connect('@CANARY@/socket').on('error', () => {});
  return String(found);
}
