import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  exec,
  getExecOutput
} from "./chunk-SIW62G4I.mjs";
import "./chunk-DNGIBJ4B.mjs";
export {
  exec,
  getExecOutput
};
