import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  stories
} from "./chunk-DBYB65TU.mjs";
import "./chunk-WO6OQI32.mjs";
import "./chunk-C25C3PWN.mjs";
import "./chunk-MAGKRFWX.mjs";
import "./chunk-IHLVDD7N.mjs";
import "./chunk-P2O3J3TS.mjs";
import "./chunk-IQWQOVRW.mjs";
import "./chunk-MPN7ELPR.mjs";
export {
  stories
};
