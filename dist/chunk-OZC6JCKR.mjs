import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  stories
} from "./chunk-AZSB2H2M.mjs";
import "./chunk-CFPPRLRT.mjs";
import "./chunk-ZIQJQ57T.mjs";
import "./chunk-O7HMI22V.mjs";
import "./chunk-TMU5TD52.mjs";
export {
  stories
};
