import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  stories
} from "./chunk-Y5IPVN7K.mjs";
import "./chunk-4DRRMKVC.mjs";
import "./chunk-ZIQJQ57T.mjs";
import "./chunk-O7HMI22V.mjs";
import "./chunk-TMU5TD52.mjs";
export {
  stories
};
