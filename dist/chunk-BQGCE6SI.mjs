import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  actions
} from "./chunk-LBDHK4SE.mjs";
import "./chunk-KNMLOGKE.mjs";
import "./chunk-C6H2LYCW.mjs";
import "./chunk-QJY2LTPM.mjs";
import "./chunk-MTZ6CDKL.mjs";
import "./chunk-C7A6GD7E.mjs";
import "./chunk-NQMJJ5S4.mjs";
import "./chunk-Z6I6B3TS.mjs";
import "./chunk-REFZ6E6F.mjs";
import "./chunk-7T77N3KP.mjs";
import "./chunk-R6VUWMYB.mjs";
import "./chunk-32ADV6HS.mjs";
import "./chunk-MPN7ELPR.mjs";
export {
  actions
};
