import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  checkedImage,
  ruleIds,
  rules
} from "./chunk-TMXNPKEU.mjs";
import {
  platformOf
} from "./chunk-367ITKDM.mjs";
import {
  secretIn
} from "./chunk-HSNXDN4F.mjs";
import {
  oneLine
} from "./chunk-S73ABKVA.mjs";

// src/check/apply-rules.ts
var mostFacts = 5;
var longestFact = 240;
function applyRules(image, { ignored, isEarly = false }) {
  const checked = checkedImage(image);
  const platform = platformOf(image.config);
  return ruleIds.filter((id) => !ignored.includes(id) && (!isEarly || rules[id].isEarly === true)).flatMap((rule) => {
    const facts = rules[rule].find(checked);
    const shown = facts.slice(0, mostFacts).map(shownFact);
    return facts.length === 0 ? [] : [{ rule, platform, facts: shown, others: facts.length - shown.length }];
  });
}
function withKnownFindings(early, known) {
  const ofLayers = known.filter(({ rule }) => rules[rule].isEarly !== true);
  return ruleIds.flatMap((id) => [...early, ...ofLayers].filter(({ rule }) => rule === id));
}
function shownFact(fact) {
  if (secretIn(fact) !== void 0) return "(not shown, because it contains a secret)";
  return fact.length > longestFact ? `${oneLine(fact, longestFact)}\u2026` : oneLine(fact, longestFact);
}
function formatFinding({ rule, facts, others }) {
  const { reason, cure } = rules[rule];
  return `${rule}: ${listFacts({ facts, others })}. ${reason} ${cure}`;
}
function listFacts({ facts, others }) {
  return [...facts, ...others > 0 ? [`${others} more`] : []].join("; ");
}

export {
  mostFacts,
  longestFact,
  applyRules,
  withKnownFindings,
  formatFinding,
  listFacts
};
