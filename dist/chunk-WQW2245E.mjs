import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import{stories}from"./chunk-3Y7G6EKI.mjs";import"./chunk-NT7SKW3W.mjs";import"./chunk-5SRZJHZA.mjs";import"./chunk-YYZKRO7D.mjs";import"./chunk-CPICF77B.mjs";import"./chunk-COV7KNP2.mjs";import"./chunk-UEA5KZH7.mjs";import"./chunk-JQ5KFNCG.mjs";export{stories};
