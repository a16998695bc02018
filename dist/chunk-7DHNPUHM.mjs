import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  createKeySigner,
  isSignedBy
} from "./chunk-COLEDLFJ.mjs";
import "./chunk-3Y44LDC5.mjs";
import "./chunk-LI5CVXRG.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";
export {
  createKeySigner,
  isSignedBy
};
