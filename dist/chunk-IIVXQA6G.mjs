import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  stories
} from "./chunk-EEJUGVTO.mjs";
import "./chunk-Y6Z6KAPX.mjs";
import "./chunk-KOSPRKMI.mjs";
import "./chunk-RGPLYZRV.mjs";
import "./chunk-YZJIPNUZ.mjs";
import "./chunk-NSAIPSAJ.mjs";
import "./chunk-IQWQOVRW.mjs";
import "./chunk-MPN7ELPR.mjs";
export {
  stories
};
