import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  stories
} from "./chunk-GPHFNO3J.mjs";
import "./chunk-D4GJJFSF.mjs";
import "./chunk-XZFXMASM.mjs";
import "./chunk-SGTFMUI5.mjs";
import "./chunk-TMU5TD52.mjs";
export {
  stories
};
