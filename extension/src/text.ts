/** Text of strangers' programs, made fit to be seen: it can neither colour, move nor reverse. */

const LONGEST = 20_000;
const OPERATING_SYSTEM_COMMAND = /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g;
const CONTROL_SEQUENCE = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/g;
const ESCAPE = /\u001b[ -/]*[0-~]?/g;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const REORDERING = /[\u202a-\u202e\u2066-\u2069]/g;

/** Return the text without terminal codes, with what would reorder it spelt out. */
export function plain(text: string): string {
  const clean = text
    .replace(OPERATING_SYSTEM_COMMAND, '')
    .replace(CONTROL_SEQUENCE, '')
    .replace(ESCAPE, '')
    .replace(/\r\n?/g, '\n')
    .replace(CONTROL, '')
    .replace(REORDERING, mark => `\\u${mark.charCodeAt(0).toString(16)}`);
  return clean.length <= LONGEST
    ? clean
    : `${clean.slice(0, LONGEST)}\n… (+${clean.length - LONGEST})`;
}

/** `6`, `2.5`, `0.33` */
export function points(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** `12 ms`, `1.20 s` */
export function time(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(2)} s`;
}

/** `512 KiB`, `3.4 MiB` */
export function memory(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes < 1 ? `${Math.ceil(bytes / 1024)} KiB` : `${mebibytes.toFixed(1)} MiB`;
}
