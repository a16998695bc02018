import {
  exec,
  getExecOutput
} from "./chunk-DPAXJDO6.mjs";
import "./chunk-CEWVY5XM.mjs";
export {
  exec,
  getExecOutput
};
