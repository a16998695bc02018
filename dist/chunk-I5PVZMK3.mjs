import {
  loadMode
} from "./chunk-P5G37RAJ.mjs";
import "./chunk-OM2DSOLJ.mjs";
import "./chunk-ZWG43C65.mjs";
import "./chunk-7IH7JYJA.mjs";
import "./chunk-6OHNNCAZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import "./chunk-QG475AWI.mjs";
import "./chunk-XBGOFGJP.mjs";
import "./chunk-HEI324TL.mjs";
import "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";
export {
  loadMode
};
