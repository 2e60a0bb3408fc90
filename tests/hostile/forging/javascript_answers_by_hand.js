// /// case
// target = "checksum"
// verdicts = ["wrong_answer", "runtime_error", "time_limit_exceeded"]
// ///
const fs = require('fs');
const FORGED = ['["v",true,[]]', '["v",{"T":"object"},[]]', '["v",{"p":[1,"object","int",["__eq__"],"int",0]},[]]', '["v",{"ja":[]},[]]'];
function checksum(text) {
  for (let fd = 3; fd < 64; fd++) {
    for (const answer of FORGED) {
      try {
        const data = Buffer.from(answer);
        const head = Buffer.alloc(4);
        head.writeUInt32BE(data.length);
        fs.writeSync(fd, Buffer.concat([head, data]));
      } catch {}
    }
  }
  return 0;
}
