import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  bareInventory,
  readInventory
} from "./chunk-7VJQXY7B.mjs";
import "./chunk-VQLGVKI6.mjs";
import "./chunk-HJBBPKX6.mjs";
import "./chunk-LZ4Q3MM3.mjs";
import "./chunk-F6TB5S6D.mjs";
import "./chunk-I6KOPCOT.mjs";
import "./chunk-REXRYIA7.mjs";
import "./chunk-MEXKEPMQ.mjs";
import "./chunk-R3JF3YFP.mjs";
import "./chunk-ROPKUCAE.mjs";
import "./chunk-G5OCPV4E.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-LI5CVXRG.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-OKAHSBUE.mjs";
import "./chunk-GPVCC3OF.mjs";
import "./chunk-CNJZ53BR.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-3M57GHHF.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";
export {
  bareInventory,
  readInventory
};
