import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  loadMode
} from "./chunk-SGEZQ23L.mjs";
import "./chunk-F5JVSC6U.mjs";
import "./chunk-SJ3537SO.mjs";
import "./chunk-M2DBWDXZ.mjs";
import "./chunk-MN3HYUIB.mjs";
import "./chunk-6XKJIXUR.mjs";
import "./chunk-ZUR3OPYL.mjs";
import "./chunk-TGNEHMSQ.mjs";
import "./chunk-JV3OK7I5.mjs";
import "./chunk-DW22CK4V.mjs";
import "./chunk-CLCW7DB6.mjs";
import "./chunk-IOJJJYGX.mjs";
import "./chunk-S73ABKVA.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";
export {
  loadMode
};
