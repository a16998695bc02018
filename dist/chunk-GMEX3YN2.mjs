import {
  bareInventory,
  readInventory
} from "./chunk-YWPAM2WU.mjs";
import "./chunk-J3WADLHT.mjs";
import "./chunk-7R5VOHBN.mjs";
import "./chunk-OOWYUJUQ.mjs";
import "./chunk-VAW2Q4KX.mjs";
import "./chunk-6UCUNKUF.mjs";
import "./chunk-XMNNMJVJ.mjs";
import "./chunk-IKAY6ZRZ.mjs";
import "./chunk-BEK6I2MX.mjs";
import "./chunk-RCHAHIEV.mjs";
import "./chunk-3DOYXRXT.mjs";
import "./chunk-JYQXIE4E.mjs";
import "./chunk-6OHNNCAZ.mjs";
import "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import "./chunk-3G4PY4B2.mjs";
import "./chunk-4GYQYVDP.mjs";
import "./chunk-25LIPGGA.mjs";
import "./chunk-XBGOFGJP.mjs";
import "./chunk-HEI324TL.mjs";
import "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";
export {
  bareInventory,
  readInventory
};
