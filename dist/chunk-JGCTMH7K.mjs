import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  exec,
  getExecOutput
} from "./chunk-DUYXTOJF.mjs";
import "./chunk-MPN7ELPR.mjs";
export {
  exec,
  getExecOutput
};
