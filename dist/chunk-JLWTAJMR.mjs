import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);

// src/commands/html-flag.ts
var htmlFlag = {
  name: "html",
  kind: "text",
  group: "Output",
  description: "Also write the report to this file, as a page with a treemap to click through"
};
async function writeHtml(flags, page, { log, resolve }) {
  if (typeof flags.html !== "string") return;
  const { writePage } = await import("./chunk-LFFEJYS5.mjs");
  const path = resolve(flags.html);
  await writePage(page(), path);
  log.info(`Wrote ${path}`);
}

export {
  htmlFlag,
  writeHtml
};
