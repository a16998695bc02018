import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  actions
} from "./chunk-CKBPJTV2.mjs";
import "./chunk-IOZ3MWTG.mjs";
import "./chunk-3IUSSWCM.mjs";
import "./chunk-RYIA4I2P.mjs";
import "./chunk-CSFUBRYR.mjs";
import "./chunk-XT6ZB4E3.mjs";
import "./chunk-2HYXA4RO.mjs";
import "./chunk-RPKNR373.mjs";
import "./chunk-VQ2EZHGI.mjs";
import "./chunk-QCYXSELO.mjs";
import "./chunk-Y3MSOP5S.mjs";
import "./chunk-MKN636YS.mjs";
import "./chunk-WZK37R4F.mjs";
import "./chunk-P4XQSC25.mjs";
import "./chunk-4NTFS73P.mjs";
import "./chunk-6XKJIXUR.mjs";
import "./chunk-WZDBDURB.mjs";
import "./chunk-3EZMRUO6.mjs";
import "./chunk-OZSFGEJA.mjs";
import "./chunk-HBQZMXVE.mjs";
import "./chunk-GNJFZKSP.mjs";
import "./chunk-TMXNPKEU.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-367ITKDM.mjs";
import "./chunk-HSNXDN4F.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-JV3OK7I5.mjs";
import "./chunk-RQQGAJIZ.mjs";
import "./chunk-KOXRFBVW.mjs";
import "./chunk-LPQ76Q4D.mjs";
import "./chunk-S73ABKVA.mjs";
import "./chunk-TJDMYOEP.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";
export {
  actions
};
