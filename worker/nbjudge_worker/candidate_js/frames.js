'use strict';
/**
 * Frames over a socket, read and written without an event loop: a length, JSON in ASCII, attachments.
 *
 * The same as nbjudge_worker/codec/frames.py: the highest bit of the length says that a second length
 * follows, and so many raw bytes after the JSON.
 */

const fs = require('node:fs');

const HAS_ATTACHMENTS = 0x80000000;
const FIRST_BYTES = 64 * 1024;

class Frames {
  constructor(descriptor) {
    this._descriptor = descriptor;
    this._rest = Buffer.alloc(0);
    /** The attachments of the message that was received last. */
    this.attached = Buffer.alloc(0);
  }

  send(text) {
    const data = Buffer.from(text, 'latin1');
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    this._write(Buffer.concat([head, data]));
  }

  /** Wait for one message; null at the end of the line. */
  receive() {
    const head = this._read(4);
    if (head === null) {
      return null;
    }
    let length = head.readUInt32BE();
    let attached = 0;
    if (length >= HAS_ATTACHMENTS) {
      length -= HAS_ATTACHMENTS;
      attached = this._read(4)?.readUInt32BE() ?? 0;
    }
    const text = this._read(length);
    this.attached = attached > 0 ? this._read(attached) : this.attached;
    return text === null || this.attached === null ? null : text.toString('latin1');
  }

  _write(data) {
    for (let done = 0; done < data.length; ) {
      done += fs.writeSync(this._descriptor, data, done);
    }
  }

  _read(count) {
    const parts = [this._rest];
    let have = this._rest.length;
    while (have < count) {
      const part = Buffer.allocUnsafe(Math.max(FIRST_BYTES, count - have));
      const got = this._readPart(part);
      if (got === 0) {
        return null;
      }
      parts.push(part.subarray(0, got));
      have += got;
    }
    const data = parts.length === 1 ? parts[0] : Buffer.concat(parts);
    this._rest = data.subarray(count);
    return data.subarray(0, count);
  }

  _readPart(part) {
    try {
      return fs.readSync(this._descriptor, part);
    } catch (error) {
      if (error.code === 'ECONNRESET' || error.code === 'EOF') {
        return 0;
      }
      throw error;
    }
  }
}

module.exports = { Frames };
