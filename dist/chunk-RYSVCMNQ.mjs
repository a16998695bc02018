import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  stories
} from "./chunk-J26NTAQ4.mjs";
import "./chunk-LCILEJ3J.mjs";
import "./chunk-VGOA3UO5.mjs";
import "./chunk-OWVMTNMX.mjs";
import "./chunk-YZJIPNUZ.mjs";
import "./chunk-P2O3J3TS.mjs";
import "./chunk-IQWQOVRW.mjs";
import "./chunk-MPN7ELPR.mjs";
export {
  stories
};
