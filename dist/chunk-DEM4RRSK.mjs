// src/runtimes/left-for-post.ts
var leftTemporary = "temporary";
var leftRecord = "record";
function isSomethingLeft() {
  return [leftTemporary, leftRecord].some((state) => process.env[`STATE_${state}`]);
}

export {
  leftTemporary,
  leftRecord,
  isSomethingLeft
};
