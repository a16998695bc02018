import {
  isSomethingLeft
} from "./chunk-DEM4RRSK.mjs";
import {
  tuneGarbageCollection
} from "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/post.ts
if (isSomethingLeft()) {
  tuneGarbageCollection();
  const { afterJob } = await import("./chunk-OX23QTC3.mjs");
  await afterJob();
}
process.exit();
