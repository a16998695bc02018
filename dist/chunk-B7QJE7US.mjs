import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  stories
} from "./chunk-DPJQQFMM.mjs";
import "./chunk-IO4GI44H.mjs";
import "./chunk-LNLJXLFL.mjs";
import "./chunk-Q636OXE2.mjs";
import "./chunk-TMU5TD52.mjs";
export {
  stories
};
