// src/tar/byte-string.ts
var nonAscii = /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;
function bytesOf(text) {
  return Buffer.from(text, "utf8").toString("latin1");
}
function textOf(bytes) {
  return Buffer.from(bytes, "latin1").toString("utf8");
}
function isAscii(bytes) {
  return !/[\x80-\xff]/.test(bytes);
}
function isUtf8(bytes) {
  return isAscii(bytes) || !bytes.match(nonAscii)?.some(isStray);
}
function replaceNonAscii(bytes, replacement) {
  return isAscii(bytes) ? bytes : bytes.replace(nonAscii, replacement);
}
function codePointKey(bytes) {
  return replaceNonAscii(bytes, (part) => isStray(part) ? escapedByte(part.charCodeAt(0)) : part);
}
function isStray(part) {
  return part.length === 1;
}
function escapedByte(byte) {
  return String.fromCharCode(237, 176 | byte >> 6, 128 | byte & 63);
}
function onDisk(path) {
  return Buffer.from(path, "latin1");
}

export {
  bytesOf,
  textOf,
  isAscii,
  isUtf8,
  replaceNonAscii,
  codePointKey,
  onDisk
};
