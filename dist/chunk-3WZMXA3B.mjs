import {
  __require
} from "./chunk-CEWVY5XM.mjs";

// late:semver of src
var semver_of_src_default = new Proxy({}, { get: (_, key) => __require("./semver.cjs")[key] });

export {
  semver_of_src_default
};
