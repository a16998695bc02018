import {
  actions
} from "./chunk-QXXOMLBA.mjs";
import "./chunk-BCOIIFZD.mjs";
import "./chunk-DOBU3S46.mjs";
import "./chunk-XL7E7YGZ.mjs";
import "./chunk-RCHAHIEV.mjs";
import "./chunk-3DOYXRXT.mjs";
import "./chunk-JYQXIE4E.mjs";
import "./chunk-BZDVR7SU.mjs";
import "./chunk-ZWG43C65.mjs";
import "./chunk-KDJ5XFQM.mjs";
import "./chunk-7IH7JYJA.mjs";
import "./chunk-6OHNNCAZ.mjs";
import "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import "./chunk-MAQ7ADOM.mjs";
import "./chunk-4GYQYVDP.mjs";
import "./chunk-25LIPGGA.mjs";
import "./chunk-XBGOFGJP.mjs";
import "./chunk-HEI324TL.mjs";
import "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";
export {
  actions
};
