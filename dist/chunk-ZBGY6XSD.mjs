import {
  bareInventory,
  readInventory
} from "./chunk-A7YIT6KM.mjs";
import "./chunk-J3WADLHT.mjs";
import "./chunk-FWHS4F6C.mjs";
import "./chunk-7T4EEEUH.mjs";
import "./chunk-YZKW6YE4.mjs";
import "./chunk-CF4VPEFD.mjs";
import "./chunk-FDAA2TLC.mjs";
import "./chunk-INTXPZ6B.mjs";
import "./chunk-XL7E7YGZ.mjs";
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
