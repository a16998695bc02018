import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  bareInventory,
  readInventory
} from "./chunk-P5DKOOZD.mjs";
import "./chunk-QCYXSELO.mjs";
import "./chunk-Y3MSOP5S.mjs";
import "./chunk-HJBBPKX6.mjs";
import "./chunk-HBQZMXVE.mjs";
import "./chunk-367ITKDM.mjs";
import "./chunk-HSNXDN4F.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-JV3OK7I5.mjs";
import "./chunk-TJDMYOEP.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";
export {
  bareInventory,
  readInventory
};
