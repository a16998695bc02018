import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  __require
} from "./chunk-DNGIBJ4B.mjs";

// required:node:util
var { stripVTControlCharacters, styleText } = __require("node:util");

export {
  stripVTControlCharacters,
  styleText
};
