import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  actions
} from "./chunk-EBGEFPCK.mjs";
import "./chunk-OCGP4XKA.mjs";
import "./chunk-J7U6EBDR.mjs";
import "./chunk-Z3GD44TH.mjs";
import "./chunk-6VTBT656.mjs";
import "./chunk-XT6ZB4E3.mjs";
import "./chunk-UG2PQGPY.mjs";
import "./chunk-774DSHY7.mjs";
import "./chunk-Y3Z26UDF.mjs";
import "./chunk-UJE5FAFK.mjs";
import "./chunk-M2DBWDXZ.mjs";
import "./chunk-MN3HYUIB.mjs";
import "./chunk-6XKJIXUR.mjs";
import "./chunk-PL6G2CPL.mjs";
import "./chunk-DF6COW7E.mjs";
import "./chunk-PVOA4AKO.mjs";
import "./chunk-E5W3UIGR.mjs";
import "./chunk-KU7U2D3K.mjs";
import "./chunk-ZUR3OPYL.mjs";
import "./chunk-AYPBORWQ.mjs";
import "./chunk-TGNEHMSQ.mjs";
import "./chunk-JV3OK7I5.mjs";
import "./chunk-RQQGAJIZ.mjs";
import "./chunk-KOXRFBVW.mjs";
import "./chunk-IOJJJYGX.mjs";
import "./chunk-S73ABKVA.mjs";
import "./chunk-TJDMYOEP.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-SMBMXYWF.mjs";
import "./chunk-2HYXA4RO.mjs";
import "./chunk-RPKNR373.mjs";
import "./chunk-VQ2EZHGI.mjs";
import "./chunk-RYZTQ7VR.mjs";
import "./chunk-LZSYUQMR.mjs";
import "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";
export {
  actions
};
