import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  bareInventory,
  readInventory
} from "./chunk-KULP2KD2.mjs";
import "./chunk-UG2PQGPY.mjs";
import "./chunk-774DSHY7.mjs";
import "./chunk-E5W3UIGR.mjs";
import "./chunk-AYPBORWQ.mjs";
import "./chunk-TGNEHMSQ.mjs";
import "./chunk-JV3OK7I5.mjs";
import "./chunk-TJDMYOEP.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-HJBBPKX6.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";
export {
  bareInventory,
  readInventory
};
