import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  stories
} from "./chunk-5IJ2X2OZ.mjs";
import "./chunk-LLDWURZB.mjs";
import "./chunk-BCW5WFYF.mjs";
import "./chunk-U5VTYSG3.mjs";
import "./chunk-YZJIPNUZ.mjs";
import "./chunk-A55I5EEE.mjs";
import "./chunk-53FLZ3FC.mjs";
import "./chunk-MPN7ELPR.mjs";
export {
  stories
};
