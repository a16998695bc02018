/**
 * Writes src/metadata/zone-abbreviations.json from moment-timezone's copy of the IANA database: what letters stand for each
 * zone's offsets (minutes east of UTC), from 2015 to 2037. Of two abbreviations for one offset the later one stays.
 *
 *     node scripts/refresh-zones.ts
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import moment from 'moment-timezone';

const [from, until] = [Date.UTC(2015), Date.UTC(2037)];

function abbreviationsOf(zone: string): Record<string, string> {
  const found = new Map<number, string>();
  const { untils = [], abbrs = [], offsets = [] } = moment.tz.zone(zone) ?? {};
  for (const [i, end] of untils.entries()) {
    if (end > from && (untils[i - 1] ?? 0) < until) found.set(-(offsets[i] ?? 0), abbrs[i] ?? '');
  }
  // The database has a number where nobody uses letters.
  return Object.fromEntries([...found].filter(([, abbreviation]) => /^[A-Za-z]/.test(abbreviation)));
}

const zonesOf = new Map<string, string[]>();
for (const zone of moment.tz.names()) {
  const key = JSON.stringify(abbreviationsOf(zone));
  zonesOf.set(key, [...(zonesOf.get(key) ?? []), zone]);
}
zonesOf.delete('{}');
const lines = [...zonesOf].map(([key, zones]) => `{"abbreviations":${key},"zones":${JSON.stringify(zones)}}`);
const file = fileURLToPath(new URL('../src/metadata/zone-abbreviations.json', import.meta.url));
await writeFile(file, `[\n${lines.join(',\n')}\n]\n`);
