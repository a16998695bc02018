import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  createKeySigner,
  isSignedBy
} from "./chunk-XHISHCY7.mjs";
import "./chunk-XT6ZB4E3.mjs";
import "./chunk-JV3OK7I5.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";
export {
  createKeySigner,
  isSignedBy
};
