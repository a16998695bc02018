import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  stories
} from "./chunk-3HQQUMFH.mjs";
import "./chunk-FHDUKANU.mjs";
import "./chunk-YVTHI2GL.mjs";
import "./chunk-RGPLYZRV.mjs";
import "./chunk-YZJIPNUZ.mjs";
import "./chunk-NSAIPSAJ.mjs";
import "./chunk-IQWQOVRW.mjs";
import "./chunk-MPN7ELPR.mjs";
export {
  stories
};
