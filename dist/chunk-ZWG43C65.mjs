const { readdir, readFile } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join } = globalThis.process.getBuiltinModule("node:path");
import {
  packagesBySize
} from "./chunk-7IH7JYJA.mjs";
import {
  deriveLabels
} from "./chunk-6OHNNCAZ.mjs";
import {
  semver_of_src_default
} from "./chunk-3WZMXA3B.mjs";
import {
  annotationName,
  compilePattern,
  expectApart,
  joinMetadata,
  metadataOfEnvironment,
  noMetadata,
  openGitHubApi,
  openTransport,
  parseMetadataJson,
  parsePlatform,
  placeAnnotations,
  withoutRepeats
} from "./chunk-XBGOFGJP.mjs";
import {
  digestOf,
  formatReference,
  formatRepository,
  parseReference,
  parseRepository
} from "./chunk-HEI324TL.mjs";
import {
  Failure,
  hasCode,
  isObject,
  messageOf,
  oneLine,
  resolveCreated
} from "./chunk-UH7NESJ6.mjs";
import {
  __require
} from "./chunk-CEWVY5XM.mjs";

// src/local/read-text.ts
async function readText(path, description) {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Failure(`Cannot read ${path}, given as ${description}: ${messageOf(cause)}.`, { cause });
  }
}
async function readTexts(path, description) {
  let names2;
  try {
    names2 = await readdir(path, { recursive: true });
  } catch (error) {
    if (hasCode(error, "ENOTDIR", "ENOENT")) return [{ path, text: await readText(path, description) }];
    throw new Failure(`Cannot read ${path}, given as ${description}: ${messageOf(error)}.`, { cause: error });
  }
  const files = names2.filter((name) => name.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (name) => ({ path: join(path, name), text: await readText(join(path, name), description) }))
  );
}

// src/metadata/zone-abbreviations.json
var zone_abbreviations_default = [
  {
    abbreviations: { "0": "GMT" },
    zones: [
      "Africa/Abidjan",
      "Africa/Accra",
      "Africa/Bamako",
      "Africa/Banjul",
      "Africa/Bissau",
      "Africa/Conakry",
      "Africa/Dakar",
      "Africa/Freetown",
      "Africa/Lome",
      "Africa/Monrovia",
      "Africa/Nouakchott",
      "Africa/Ouagadougou",
      "Africa/Timbuktu",
      "America/Danmarkshavn",
      "Atlantic/Reykjavik",
      "Atlantic/St_Helena",
      "Etc/GMT",
      "Etc/GMT+0",
      "Etc/GMT-0",
      "Etc/GMT0",
      "Etc/Greenwich",
      "GMT",
      "GMT+0",
      "GMT-0",
      "GMT0",
      "Greenwich",
      "Iceland"
    ]
  },
  {
    abbreviations: { "180": "EAT" },
    zones: [
      "Africa/Addis_Ababa",
      "Africa/Asmara",
      "Africa/Asmera",
      "Africa/Dar_es_Salaam",
      "Africa/Djibouti",
      "Africa/Kampala",
      "Africa/Mogadishu",
      "Africa/Nairobi",
      "Indian/Antananarivo",
      "Indian/Comoro",
      "Indian/Mayotte"
    ]
  },
  { abbreviations: { "60": "CET" }, zones: ["Africa/Algiers", "Africa/Tunis"] },
  {
    abbreviations: { "60": "WAT" },
    zones: [
      "Africa/Bangui",
      "Africa/Brazzaville",
      "Africa/Douala",
      "Africa/Kinshasa",
      "Africa/Lagos",
      "Africa/Libreville",
      "Africa/Luanda",
      "Africa/Malabo",
      "Africa/Ndjamena",
      "Africa/Niamey",
      "Africa/Porto-Novo"
    ]
  },
  {
    abbreviations: { "120": "CAT" },
    zones: [
      "Africa/Blantyre",
      "Africa/Bujumbura",
      "Africa/Gaborone",
      "Africa/Harare",
      "Africa/Kigali",
      "Africa/Lubumbashi",
      "Africa/Lusaka",
      "Africa/Maputo"
    ]
  },
  {
    abbreviations: { "120": "EET", "180": "EEST" },
    zones: [
      "Africa/Cairo",
      "Asia/Beirut",
      "Asia/Famagusta",
      "Asia/Gaza",
      "Asia/Hebron",
      "Asia/Nicosia",
      "EET",
      "Egypt",
      "Europe/Athens",
      "Europe/Bucharest",
      "Europe/Chisinau",
      "Europe/Helsinki",
      "Europe/Kiev",
      "Europe/Kyiv",
      "Europe/Mariehamn",
      "Europe/Nicosia",
      "Europe/Riga",
      "Europe/Sofia",
      "Europe/Tallinn",
      "Europe/Tiraspol",
      "Europe/Uzhgorod",
      "Europe/Vilnius",
      "Europe/Zaporozhye"
    ]
  },
  {
    abbreviations: { "60": "CET", "120": "CEST" },
    zones: [
      "Africa/Ceuta",
      "Arctic/Longyearbyen",
      "Atlantic/Jan_Mayen",
      "CET",
      "Europe/Amsterdam",
      "Europe/Andorra",
      "Europe/Belgrade",
      "Europe/Berlin",
      "Europe/Bratislava",
      "Europe/Brussels",
      "Europe/Budapest",
      "Europe/Busingen",
      "Europe/Copenhagen",
      "Europe/Gibraltar",
      "Europe/Ljubljana",
      "Europe/Luxembourg",
      "Europe/Madrid",
      "Europe/Malta",
      "Europe/Monaco",
      "Europe/Oslo",
      "Europe/Paris",
      "Europe/Podgorica",
      "Europe/Prague",
      "Europe/Rome",
      "Europe/San_Marino",
      "Europe/Sarajevo",
      "Europe/Skopje",
      "Europe/Stockholm",
      "Europe/Tirane",
      "Europe/Vaduz",
      "Europe/Vatican",
      "Europe/Vienna",
      "Europe/Warsaw",
      "Europe/Zagreb",
      "Europe/Zurich",
      "MET",
      "Poland"
    ]
  },
  { abbreviations: { "120": "SAST" }, zones: ["Africa/Johannesburg", "Africa/Maseru", "Africa/Mbabane"] },
  { abbreviations: { "120": "CAT", "180": "EAT" }, zones: ["Africa/Juba", "Africa/Khartoum"] },
  { abbreviations: { "0": "GMT", "60": "WAT" }, zones: ["Africa/Sao_Tome"] },
  {
    abbreviations: { "120": "EET" },
    zones: [
      "Africa/Tripoli",
      "Asia/Amman",
      "Asia/Damascus",
      "Asia/Istanbul",
      "Europe/Istanbul",
      "Europe/Kaliningrad",
      "Libya",
      "Turkey"
    ]
  },
  { abbreviations: { "60": "WAT", "120": "CAT" }, zones: ["Africa/Windhoek"] },
  { abbreviations: { "-600": "HST", "-540": "HDT" }, zones: ["America/Adak", "America/Atka", "US/Aleutian"] },
  {
    abbreviations: { "-540": "AKST", "-480": "AKDT" },
    zones: ["America/Anchorage", "America/Juneau", "America/Nome", "America/Sitka", "America/Yakutat", "US/Alaska"]
  },
  {
    abbreviations: { "-240": "AST" },
    zones: [
      "America/Anguilla",
      "America/Antigua",
      "America/Aruba",
      "America/Barbados",
      "America/Blanc-Sablon",
      "America/Curacao",
      "America/Dominica",
      "America/Grenada",
      "America/Guadeloupe",
      "America/Kralendijk",
      "America/Lower_Princes",
      "America/Marigot",
      "America/Martinique",
      "America/Montserrat",
      "America/Port_of_Spain",
      "America/Puerto_Rico",
      "America/Santo_Domingo",
      "America/St_Barthelemy",
      "America/St_Kitts",
      "America/St_Lucia",
      "America/St_Thomas",
      "America/St_Vincent",
      "America/Tortola",
      "America/Virgin"
    ]
  },
  {
    abbreviations: { "-300": "EST" },
    zones: [
      "America/Atikokan",
      "America/Cayman",
      "America/Coral_Harbour",
      "America/Jamaica",
      "America/Panama",
      "EST",
      "Jamaica"
    ]
  },
  {
    abbreviations: { "-360": "CST", "-300": "CDT" },
    zones: [
      "America/Bahia_Banderas",
      "America/Chicago",
      "America/Indiana/Knox",
      "America/Indiana/Tell_City",
      "America/Knox_IN",
      "America/Matamoros",
      "America/Menominee",
      "America/Merida",
      "America/Mexico_City",
      "America/Monterrey",
      "America/North_Dakota/Beulah",
      "America/North_Dakota/Center",
      "America/North_Dakota/New_Salem",
      "America/Rankin_Inlet",
      "America/Resolute",
      "CST6CDT",
      "Mexico/General",
      "US/Central",
      "US/Indiana-Starke"
    ]
  },
  {
    abbreviations: { "-360": "CST" },
    zones: [
      "America/Belize",
      "America/Costa_Rica",
      "America/El_Salvador",
      "America/Guatemala",
      "America/Managua",
      "America/Regina",
      "America/Swift_Current",
      "America/Tegucigalpa",
      "Canada/Saskatchewan"
    ]
  },
  {
    abbreviations: { "-420": "MST", "-360": "MDT" },
    zones: [
      "America/Boise",
      "America/Cambridge_Bay",
      "America/Ciudad_Juarez",
      "America/Denver",
      "America/Mazatlan",
      "America/Shiprock",
      "MST7MDT",
      "Mexico/BajaSur",
      "Navajo",
      "US/Mountain"
    ]
  },
  {
    abbreviations: { "-360": "CST", "-300": "EST" },
    zones: ["America/Cancun", "America/Rainy_River", "America/Winnipeg", "Canada/Central"]
  },
  {
    abbreviations: { "-420": "MST", "-360": "CST" },
    zones: ["America/Chihuahua", "America/Edmonton", "America/Inuvik", "America/Yellowknife", "Canada/Mountain"]
  },
  {
    abbreviations: { "-420": "MST" },
    zones: ["America/Creston", "America/Dawson_Creek", "America/Hermosillo", "America/Phoenix", "MST", "US/Arizona"]
  },
  {
    abbreviations: { "-480": "PST", "-420": "MST" },
    zones: [
      "America/Dawson",
      "America/Fort_Nelson",
      "America/Vancouver",
      "America/Whitehorse",
      "Canada/Pacific",
      "Canada/Yukon"
    ]
  },
  {
    abbreviations: { "-300": "EST", "-240": "EDT" },
    zones: [
      "America/Detroit",
      "America/Fort_Wayne",
      "America/Grand_Turk",
      "America/Indiana/Indianapolis",
      "America/Indiana/Marengo",
      "America/Indiana/Petersburg",
      "America/Indiana/Vevay",
      "America/Indiana/Vincennes",
      "America/Indiana/Winamac",
      "America/Indianapolis",
      "America/Iqaluit",
      "America/Kentucky/Louisville",
      "America/Kentucky/Monticello",
      "America/Louisville",
      "America/Montreal",
      "America/Nassau",
      "America/New_York",
      "America/Nipigon",
      "America/Pangnirtung",
      "America/Port-au-Prince",
      "America/Thunder_Bay",
      "America/Toronto",
      "Canada/Eastern",
      "EST5EDT",
      "US/East-Indiana",
      "US/Eastern",
      "US/Michigan"
    ]
  },
  {
    abbreviations: { "-480": "PST", "-420": "PDT" },
    zones: [
      "America/Ensenada",
      "America/Los_Angeles",
      "America/Santa_Isabel",
      "America/Tijuana",
      "Mexico/BajaNorte",
      "PST8PDT",
      "US/Pacific"
    ]
  },
  {
    abbreviations: { "-240": "AST", "-180": "ADT" },
    zones: [
      "America/Glace_Bay",
      "America/Goose_Bay",
      "America/Halifax",
      "America/Moncton",
      "America/Thule",
      "Atlantic/Bermuda",
      "Canada/Atlantic"
    ]
  },
  { abbreviations: { "-300": "CST", "-240": "CDT" }, zones: ["America/Havana", "Cuba"] },
  { abbreviations: { "-480": "AKDT", "-540": "AKST" }, zones: ["America/Metlakatla"] },
  { abbreviations: { "-420": "MST", "-360": "CST", "-300": "CDT" }, zones: ["America/Ojinaga"] },
  { abbreviations: { "-210": "NST", "-150": "NDT" }, zones: ["America/St_Johns", "Canada/Newfoundland"] },
  {
    abbreviations: { "600": "AEST", "660": "AEDT" },
    zones: [
      "Antarctica/Macquarie",
      "Australia/ACT",
      "Australia/Canberra",
      "Australia/Currie",
      "Australia/Hobart",
      "Australia/Melbourne",
      "Australia/NSW",
      "Australia/Sydney",
      "Australia/Tasmania",
      "Australia/Victoria"
    ]
  },
  {
    abbreviations: { "720": "NZST", "780": "NZDT" },
    zones: ["Antarctica/McMurdo", "Antarctica/South_Pole", "NZ", "Pacific/Auckland"]
  },
  { abbreviations: { "330": "IST" }, zones: ["Asia/Calcutta", "Asia/Kolkata"] },
  {
    abbreviations: { "480": "CST" },
    zones: [
      "Asia/Chongqing",
      "Asia/Chungking",
      "Asia/Harbin",
      "Asia/Macao",
      "Asia/Macau",
      "Asia/Shanghai",
      "Asia/Taipei",
      "PRC",
      "ROC"
    ]
  },
  { abbreviations: { "480": "HKT" }, zones: ["Asia/Hong_Kong", "Hongkong"] },
  { abbreviations: { "420": "WIB" }, zones: ["Asia/Jakarta", "Asia/Pontianak"] },
  { abbreviations: { "540": "WIT" }, zones: ["Asia/Jayapura"] },
  { abbreviations: { "120": "IST", "180": "IDT" }, zones: ["Asia/Jerusalem", "Asia/Tel_Aviv", "Israel"] },
  { abbreviations: { "300": "PKT" }, zones: ["Asia/Karachi"] },
  { abbreviations: { "480": "WITA" }, zones: ["Asia/Makassar", "Asia/Ujung_Pandang"] },
  { abbreviations: { "480": "PST" }, zones: ["Asia/Manila"] },
  { abbreviations: { "510": "KST", "540": "KST" }, zones: ["Asia/Pyongyang"] },
  { abbreviations: { "540": "KST" }, zones: ["Asia/Seoul", "ROK"] },
  { abbreviations: { "540": "JST" }, zones: ["Asia/Tokyo", "Japan"] },
  {
    abbreviations: { "0": "WET", "60": "WEST" },
    zones: [
      "Atlantic/Canary",
      "Atlantic/Faeroe",
      "Atlantic/Faroe",
      "Atlantic/Madeira",
      "Europe/Lisbon",
      "Portugal",
      "WET"
    ]
  },
  {
    abbreviations: { "570": "ACST", "630": "ACDT" },
    zones: ["Australia/Adelaide", "Australia/Broken_Hill", "Australia/South", "Australia/Yancowinna"]
  },
  { abbreviations: { "600": "AEST" }, zones: ["Australia/Brisbane", "Australia/Lindeman", "Australia/Queensland"] },
  { abbreviations: { "570": "ACST" }, zones: ["Australia/Darwin", "Australia/North"] },
  { abbreviations: { "480": "AWST" }, zones: ["Australia/Perth", "Australia/West"] },
  { abbreviations: { "0": "GMT", "60": "IST" }, zones: ["Eire", "Europe/Dublin"] },
  {
    abbreviations: { "0": "UTC" },
    zones: ["Etc/UCT", "Etc/UTC", "Etc/Universal", "Etc/Zulu", "UCT", "UTC", "Universal", "Zulu"]
  },
  {
    abbreviations: { "0": "GMT", "60": "BST" },
    zones: [
      "Europe/Belfast",
      "Europe/Guernsey",
      "Europe/Isle_of_Man",
      "Europe/Jersey",
      "Europe/London",
      "GB",
      "GB-Eire"
    ]
  },
  {
    abbreviations: { "180": "MSK" },
    zones: ["Europe/Kirov", "Europe/Moscow", "Europe/Simferopol", "Europe/Volgograd", "W-SU"]
  },
  { abbreviations: { "-600": "HST" }, zones: ["HST", "Pacific/Honolulu", "Pacific/Johnston", "US/Hawaii"] },
  { abbreviations: { "600": "ChST" }, zones: ["Pacific/Guam", "Pacific/Saipan"] },
  { abbreviations: { "-660": "SST" }, zones: ["Pacific/Midway", "Pacific/Pago_Pago", "Pacific/Samoa", "US/Samoa"] }
];

// src/metadata/format-time.ts
function isTimeZone(name) {
  try {
    return /^[a-z]/i.test(name) && new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions() !== void 0;
  } catch {
    return false;
  }
}
function formatTime(time, format, zone) {
  const offset = offsetIn(zone, time);
  const zoned = { time, clock: new Date(time + offset * 6e4), offset, zone };
  const asked = format === "" ? `YYYY-MM-DDTHH:mm:ss${offset === 0 ? "[Z]" : "Z"}` : format;
  const whole = asked.replaceAll(localizedPattern, (token) => localized[token] ?? token);
  return whole.replaceAll(tokenPattern, (token) => tokens[token]?.(zoned) ?? literalOf(token));
}
var localizedPattern = /\[[^[]*\]|\\?(?:LTS|LT|L{1,4}|l{1,4})/g;
var localized = {
  LT: "h:mm A",
  LTS: "h:mm:ss A",
  L: "MM/DD/YYYY",
  LL: "MMMM D, YYYY",
  LLL: "MMMM D, YYYY h:mm A",
  LLLL: "dddd, MMMM D, YYYY h:mm A",
  l: "M/D/YYYY",
  ll: "MMM D, YYYY",
  lll: "MMM D, YYYY h:mm A",
  llll: "ddd, MMM D, YYYY h:mm A"
};
var names = {
  months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October"].concat(
    "November",
    "December"
  ),
  days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
};
var month = ({ clock }) => clock.getUTCMonth() + 1;
var quarter = (zoned) => Math.ceil(month(zoned) / 3);
var dayOfMonth = ({ clock }) => clock.getUTCDate();
var dayOfYear = ({ clock }) => daysOf(clock) - daysOf(new Date(Date.UTC(clock.getUTCFullYear(), 0))) + 1;
var dayOfWeek = ({ clock }) => clock.getUTCDay();
var year = ({ clock }) => clock.getUTCFullYear();
var hour = ({ clock }) => clock.getUTCHours();
var hourOf12 = (zoned) => hour(zoned) % 12 || 12;
var minute = ({ clock }) => clock.getUTCMinutes();
var second = ({ clock }) => clock.getUTCSeconds();
var [weekYear, week] = weeksOf({ firstDay: 0, inFirstWeek: 1 });
var [isoWeekYear, isoWeek] = weeksOf({ firstDay: 1, inFirstWeek: 4 });
var tokens = {
  ...numbers("M", month),
  MMM: (zoned) => monthName(zoned).slice(0, 3),
  MMMM: monthName,
  Q: (zoned) => String(quarter(zoned)),
  Qo: (zoned) => ordinal(quarter(zoned)),
  ...numbers("D", dayOfMonth),
  DDD: (zoned) => String(dayOfYear(zoned)),
  DDDo: (zoned) => ordinal(dayOfYear(zoned)),
  DDDD: (zoned) => padded(dayOfYear(zoned), 3),
  d: (zoned) => String(dayOfWeek(zoned)),
  do: (zoned) => ordinal(dayOfWeek(zoned)),
  dd: (zoned) => dayName(zoned).slice(0, 2),
  ddd: (zoned) => dayName(zoned).slice(0, 3),
  dddd: dayName,
  e: (zoned) => String(dayOfWeek(zoned)),
  E: (zoned) => String(dayOfWeek(zoned) || 7),
  ...numbers("w", week),
  ...numbers("W", isoWeek),
  Y: (zoned) => padded(year(zoned), 4),
  YY: (zoned) => padded(year(zoned) % 100, 2),
  YYYY: (zoned) => padded(year(zoned), 4),
  YYYYY: (zoned) => padded(year(zoned), 5),
  YYYYYY: (zoned) => `+${padded(year(zoned), 6)}`,
  ...Object.fromEntries([1, 2, 3, 4].map((width) => ["y".repeat(width), (of) => padded(year(of), width)])),
  yo: (zoned) => ordinal(year(zoned)),
  ...Object.fromEntries(["N", "NN", "NNN", "NNNNN"].map((token) => [token, () => "AD"])),
  NNNN: () => "Anno Domini",
  gg: (zoned) => padded(weekYear(zoned) % 100, 2),
  gggg: (zoned) => padded(weekYear(zoned), 4),
  ggggg: (zoned) => padded(weekYear(zoned), 5),
  GG: (zoned) => padded(isoWeekYear(zoned) % 100, 2),
  GGGG: (zoned) => padded(isoWeekYear(zoned), 4),
  GGGGG: (zoned) => padded(isoWeekYear(zoned), 5),
  a: (zoned) => hour(zoned) < 12 ? "am" : "pm",
  A: (zoned) => hour(zoned) < 12 ? "AM" : "PM",
  H: (zoned) => String(hour(zoned)),
  HH: (zoned) => padded(hour(zoned), 2),
  h: (zoned) => String(hourOf12(zoned)),
  hh: (zoned) => padded(hourOf12(zoned), 2),
  k: (zoned) => String(hour(zoned) || 24),
  kk: (zoned) => padded(hour(zoned) || 24, 2),
  hmm: (zoned) => `${hourOf12(zoned)}${padded(minute(zoned), 2)}`,
  hmmss: (zoned) => `${hourOf12(zoned)}${padded(minute(zoned), 2)}${padded(second(zoned), 2)}`,
  Hmm: (zoned) => `${hour(zoned)}${padded(minute(zoned), 2)}`,
  Hmmss: (zoned) => `${hour(zoned)}${padded(minute(zoned), 2)}${padded(second(zoned), 2)}`,
  m: (zoned) => String(minute(zoned)),
  mm: (zoned) => padded(minute(zoned), 2),
  s: (zoned) => String(second(zoned)),
  ss: (zoned) => padded(second(zoned), 2),
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((digits) => ["S".repeat(digits), fraction(digits)])),
  x: ({ time }) => String(time),
  X: ({ time }) => String(Math.floor(time / 1e3)),
  z: abbreviation,
  zz: abbreviation,
  Z: ({ offset }) => offsetText(offset, ":"),
  ZZ: ({ offset }) => offsetText(offset, "")
};
var tokenPattern = new RegExp(
  `\\[[^[]*\\]|\\\\?(?:${Object.keys(tokens).toSorted((a, b) => b.length - a.length).join("|")}|.)`,
  "g"
);
function numbers(token, field) {
  return {
    [token]: (zoned) => String(field(zoned)),
    [`${token}o`]: (zoned) => ordinal(field(zoned)),
    [token.repeat(2)]: (zoned) => padded(field(zoned), 2)
  };
}
function fraction(digits) {
  return ({ clock }) => padded(clock.getUTCMilliseconds(), 3).padEnd(digits, "0").slice(0, digits);
}
function monthName(zoned) {
  return names.months[month(zoned) - 1] ?? "";
}
function dayName(zoned) {
  return names.days[dayOfWeek(zoned)] ?? "";
}
function padded(number, width) {
  return String(number).padStart(width, "0");
}
function ordinal(number) {
  const ending = Math.floor(number % 100 / 10) === 1 ? void 0 : ["th", "st", "nd", "rd"][number % 10];
  return `${number}${ending ?? "th"}`;
}
function daysOf(clock) {
  return Math.floor(clock.getTime() / 864e5);
}
function weeksOf({
  firstDay,
  inFirstWeek
}) {
  const weekStart = (days) => days - (new Date(days * 864e5).getUTCDay() - firstDay + 7) % 7;
  const firstOf = (of) => weekStart(daysOf(new Date(Date.UTC(of, 0, inFirstWeek))));
  const yearOf = (zoned) => {
    const start = weekStart(daysOf(zoned.clock));
    const candidates = [year(zoned) + 1, year(zoned), year(zoned) - 1];
    return candidates.find((candidate) => firstOf(candidate) <= start) ?? year(zoned);
  };
  return [yearOf, (zoned) => (weekStart(daysOf(zoned.clock)) - firstOf(yearOf(zoned))) / 7 + 1];
}
function offsetIn(zone, time) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" }
  });
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const { year: year2 = 0, month: month2 = 0, day = 0, hour: hour2 = 0, minute: minute2 = 0, second: second2 = 0 } = parts;
  return Math.round((Date.UTC(year2, month2 - 1, day, hour2, minute2, second2) - time) / 6e4);
}
function offsetText(offset, separator) {
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${offset < 0 ? "-" : "+"}${padded(hours, 2)}${separator}${padded(minutes, 2)}`;
}
function abbreviation({ zone, offset }) {
  const wanted = zone.toLowerCase();
  const group = zone_abbreviations_default.find(({ zones }) => zones.some((name) => name.toLowerCase() === wanted));
  const letters = group?.abbreviations ?? {};
  return letters[offset] ?? offsetText(offset, "").replace(/00$/, "");
}
function literalOf(text2) {
  return text2.startsWith("[") && text2.length > 1 ? text2.slice(1, -1) : text2.replaceAll("\\", "");
}

// src/metadata/expression.ts
var expressionPattern = /(\\{0,2})(?:\{\{\{([^{}]*)\}\}\}|\{\{([^{}]*)\}\})/g;
var callPattern = /^\s*([A-Za-z_][\w]*)(?:\s+('[^']*'|"[^"]*"|[^\s'"=]+))?(?:\s+(\w+)\s*=\s*('[^']*'|"[^"]*"))?\s*$/;
function fillIn(template, expressions, line) {
  const filled = template.replaceAll(
    expressionPattern,
    (match, slashes, raw, html) => {
      const whole = match.slice(slashes.length);
      if (slashes.length === 1) return whole;
      const value = evaluate((raw ?? html ?? "").trim(), expressions, { whole, line });
      return `${slashes.slice(1)}${raw === void 0 ? escapeHtml(value) : value}`;
    }
  );
  if (template.replaceAll(expressionPattern, "").includes("{{")) {
    throw new Failure(`Cannot use the line "${line}": its "{{" has no matching "}}".`);
  }
  return filled;
}
function isRaw(template) {
  return /^\{\{\s*raw\s*\}\}$|^\{\{\{\s*raw\s*\}\}\}$/.test(template);
}
function evaluate(text2, expressions, { whole, line }) {
  const [, name = "", format, option, zone] = callPattern.exec(text2) ?? [];
  const value = Object.hasOwn(expressions, name) ? expressions[name] : void 0;
  if (value === void 0) {
    const allowed = Object.keys(expressions).map((key) => `{{${key}}}`);
    throw new Failure(`Cannot use the line "${line}": ${whole} is unknown. Known here are ${allowed.join(", ")}.`);
  }
  if (typeof value === "string") {
    if (format === void 0 && option === void 0) return value;
    throw new Failure(`Cannot use the line "${line}": {{${name}}} takes no arguments.`);
  }
  if (format === void 0 || option !== void 0 && option !== "tz") {
    throw new Failure(
      `Cannot use the line "${line}": {{${name}}} needs a format: write {{${name} 'FORMAT'}} or {{${name} 'FORMAT' tz='ZONE'}}.`
    );
  }
  const timeZone = zone === void 0 ? "UTC" : unquote(zone);
  if (!isTimeZone(timeZone)) {
    throw new Failure(
      `Cannot use the line "${line}": "${timeZone}" is not a time zone. Use a name from the IANA database, as in Europe/Berlin.`
    );
  }
  return formatTime(value.time, /^['"]/.test(format) ? unquote(format) : "", timeZone);
}
function unquote(text2) {
  return text2.slice(1, -1);
}
var entities = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
  "`": "&#x60;",
  "=": "&#x3D;"
};
function escapeHtml(text2) {
  return text2.replaceAll(/[&<>"'`=]/g, (character) => entities[character] ?? character);
}

// src/metadata/metadata-context.ts
function branchOf({ ref }) {
  return ref?.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : void 0;
}
function tagOf({ ref }) {
  return ref?.startsWith("refs/tags/") ? ref.slice("refs/tags/".length) : void 0;
}
function pullOf({ ref }) {
  return ref?.startsWith("refs/pull/") ? ref.slice("refs/pull/".length).replace(/\/merge$/, "") : void 0;
}
function shortSha({ sha = "", shortShaLength = 7 }) {
  return sha.slice(0, shortShaLength);
}
function timeExpressions({ now, commitTime, checkoutTime }) {
  const seconds = commitTime ?? checkoutTime;
  return { date: { time: now }, commit_date: { time: seconds === void 0 ? now : seconds * 1e3 } };
}
function globalExpressions(context) {
  const onDefaultBranch = isOnDefaultBranch(context);
  return {
    branch: branchOf(context) ?? "",
    tag: tagOf(context) ?? "",
    sha: shortSha(context),
    base_ref: context.baseRef ?? "",
    is_default_branch: String(onDefaultBranch),
    is_not_default_branch: String(!onDefaultBranch),
    ...timeExpressions(context)
  };
}
function isOnDefaultBranch(context) {
  const { ref, eventName = "", defaultBranch } = context;
  if (ref === void 0 || ref === "" || ref === "refs/heads/") return false;
  return ref.replace(/^refs\/heads\//, "") === defaultBranch || /create|discussion|issues|schedule/.test(eventName);
}

// late:@renovatebot/pep440 of src
function clean(...args) {
  const { clean: late } = __require("./renovatebot-pep440.cjs");
  return new.target ? new late(...args) : late(...args);
}
function explain(...args) {
  const { explain: late } = __require("./renovatebot-pep440.cjs");
  return new.target ? new late(...args) : late(...args);
}
function major(...args) {
  const { major: late } = __require("./renovatebot-pep440.cjs");
  return new.target ? new late(...args) : late(...args);
}
function minor(...args) {
  const { minor: late } = __require("./renovatebot-pep440.cjs");
  return new.target ? new late(...args) : late(...args);
}
function patch(...args) {
  const { patch: late } = __require("./renovatebot-pep440.cjs");
  return new.target ? new late(...args) : late(...args);
}
function valid(...args) {
  const { valid: late } = __require("./renovatebot-pep440.cjs");
  return new.target ? new late(...args) : late(...args);
}

// src/metadata/compute-tags.ts
var longestTag = 128;
function computeTags(rules, flavor, context) {
  const names2 = [];
  const notes = [];
  let latest;
  for (const rule of rules) checkExpressions(rule, context);
  for (const affix of ["prefix", "suffix"]) {
    fillIn(flavor[affix], globalExpressions(context), `${affix}=${flavor[affix]}`);
  }
  for (const rule of rules) {
    if (!isEnabled(rule, context)) continue;
    const outcome = applyRule(rule, context);
    if (typeof outcome === "string") notes.push(`No tag from "${rule.line}": ${outcome}.`);
    if (typeof outcome !== "object") continue;
    const { prefix = flavor.prefix, suffix = flavor.suffix, value = "" } = rule.attributes;
    const tag = nameTag(outcome.value, { prefix, suffix, value, line: rule.line }, context);
    if (typeof tag === "string") notes.push(`No tag from "${rule.line}": ${tag}.`);
    if (typeof tag !== "object") continue;
    names2.push(tag.name);
    latest ??= flavor.latest === "auto" ? outcome.latest : flavor.latest === "true";
  }
  if (latest === true) {
    const tag = nameTag("latest", latestAffixes(flavor), context);
    if (typeof tag === "string") notes.push(`No tag latest: ${tag}.`);
    if (typeof tag === "object") names2.push(tag.name);
  }
  return { version: names2[0], names: withoutRepeats2(names2), notes };
}
function checkExpressions({ type, attributes, line }, context) {
  const { enable = "", value = "", prefix = "", suffix = "", pattern = "" } = attributes;
  for (const text2 of [enable, value, prefix, suffix]) fillIn(text2, globalExpressions(context), line);
  if (type === "schedule") fillIn(pattern, timeExpressions(context), line);
  if (type === "semver") fillIn(pattern, semverExpressions(new semver_of_src_default.SemVer("0.0.0")), line);
  if (type === "pep440") fillIn(pattern, pep440Expressions("0"), line);
}
function isEnabled({ attributes, line }, context) {
  const enable = fillIn(attributes.enable ?? "true", globalExpressions(context), line);
  if (enable === "true" || enable === "false") return enable === "true";
  throw new Failure(`Cannot use the tags line "${line}": enable must be true or false, not "${enable}".`);
}
function applyRule(rule, context) {
  const { type, attributes, line } = rule;
  const fill = (text2 = "") => fillIn(text2, globalExpressions(context), line);
  if (type === "schedule") {
    if (!/schedule/.test(context.eventName ?? "")) return void 0;
    return { value: fillIn(attributes.pattern ?? "", timeExpressions(context), line), latest: false };
  }
  if (type === "raw") return { value: fill(attributes.value), latest: false };
  if (type === "ref") return applyRef(attributes.event, context);
  if (type === "edge") {
    const branch = attributes.branch || context.defaultBranch;
    if (branchOf(context) === void 0) return void 0;
    if (branch === void 0) return "the default branch is unknown; name it with branch=";
    return branchOf(context) === branch ? { value: "edge", latest: false } : void 0;
  }
  if (type === "sha") {
    const value2 = attributes.format === "long" ? context.sha : shortSha(context);
    return value2 === void 0 || value2 === "" ? void 0 : { value: value2, latest: false };
  }
  const value = attributes.value === "" ? tagOf(context) : fill(attributes.value);
  if (value === void 0) return void 0;
  if (type === "match") return applyMatch(value, rule);
  return applyVersion(value, rule);
}
function applyRef(event, context) {
  const value = event === "branch" ? branchOf(context) : event === "tag" ? tagOf(context) : pullOf(context);
  return value === void 0 ? void 0 : { value, latest: event === "tag" };
}
function applyMatch(value, { attributes, line }) {
  const { pattern = "", group = "0" } = attributes;
  const match = value.match(compilePattern(pattern, line));
  if (match === null) return `${pattern} does not match ${value}`;
  const part = match[Number(group)];
  return part === void 0 ? `the match of ${pattern} has no group ${group}` : { value: part, latest: true };
}
function applyVersion(value, rule) {
  const { match = "", pattern = "" } = rule.attributes;
  const matched = match === "" ? [value, value] : value.match(match);
  if (matched !== null && matched[1] === void 0) return `the group of ${match} matches nothing in ${value}`;
  const text2 = (matched?.[1] ?? value).replaceAll("/", "-");
  return rule.type === "semver" ? applySemver(text2, pattern, rule.line) : applyPep440(text2, pattern, rule.line);
}
function applySemver(text2, pattern, line) {
  if (semver_of_src_default.valid(text2) === null) return `${text2} is not a semver version`;
  const version = semver_of_src_default.parse(text2, { loose: true });
  if (version === null) return `${text2} is not a semver version`;
  const isFinal = version.prerelease.length === 0;
  const shown = isFinal || isRaw(pattern) ? pattern : "{{version}}";
  return { value: fillIn(shown, semverExpressions(version), line), latest: isFinal };
}
function semverExpressions(version) {
  return {
    raw: version.raw,
    version: version.version,
    major: String(version.major),
    minor: String(version.minor),
    patch: String(version.patch),
    prerelease: version.prerelease.join(","),
    build: version.build.join(",")
  };
}
function applyPep440(text2, pattern, line) {
  const facts = valid(text2) === null ? null : explain(text2);
  if (facts === null) return `${text2} is not a PEP 440 version`;
  const expressions = pep440Expressions(text2);
  const isFinal = !(facts.is_prerelease || facts.is_postrelease || facts.is_devrelease);
  if (isFinal) return { value: fillIn(pattern, expressions, line), latest: true };
  return { value: isRaw(pattern) ? text2 : expressions.version, latest: false };
}
function pep440Expressions(text2) {
  return {
    raw: text2,
    version: clean(text2) ?? text2,
    major: String(major(text2)),
    minor: String(minor(text2)),
    patch: String(patch(text2))
  };
}
function nameTag(value, { prefix, suffix, line, value: template }, context) {
  const fill = (text3) => fillIn(text3, globalExpressions(context), line);
  const text2 = `${fill(prefix)}${value}${fill(suffix)}`;
  if (text2 === "") return void 0;
  const name = toTag(text2);
  const empty = emptyExpression([prefix, template, suffix], context);
  const why = empty === void 0 ? "" : `${empty} is empty in this run, and `;
  if (name === void 0) {
    return `${why}"${text2}" cannot be turned into a valid tag, which must start with an ASCII letter, a digit or "_"`;
  }
  return why !== "" && name.toLowerCase() === "latest" ? `${why}without it the tag would be ${name}` : { name };
}
function emptyExpression(templates, context) {
  const expressions = globalExpressions(context);
  const names2 = templates.flatMap((text2) => [...text2.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = ""]) => name));
  const empty = names2.find((name) => expressions[name] === "");
  return empty === void 0 ? void 0 : `{{${empty}}}`;
}
function latestAffixes({ prefix, prefixLatest, suffix, suffixLatest }) {
  const affixes = { prefix: prefixLatest ? prefix : "", suffix: suffixLatest ? suffix : "" };
  return { ...affixes, value: "", line: `prefix=${affixes.prefix},suffix=${affixes.suffix}` };
}
function toTag(text2) {
  const tag = text2.replaceAll(/[^a-zA-Z0-9._-]+/g, "-").slice(0, longestTag);
  return /^\w/.test(tag) ? tag : void 0;
}
function withoutRepeats2(names2) {
  const seen = /* @__PURE__ */ new Set();
  return names2.filter((name) => seen.size !== seen.add(name.toLowerCase()).size);
}

// src/metadata/compute-metadata.ts
function computeMetadata(request, context) {
  const { tagging, imported, labels, annotations } = request;
  const { references, names: names2, notes, version } = resolveTags(tagging, imported, context);
  const expressions = tagging.rules === void 0 ? void 0 : globalExpressions(context);
  const derived = deriveLabels(context, { ...request, version });
  const fill = (text2, line) => expressions === void 0 ? text2 : fillIn(text2, expressions, line);
  const set = Object.entries(labels.set).map(([key, value]) => {
    const line = `${key}=${value}`;
    return [fill(key, line), fill(value, line)];
  });
  const kept = Object.entries({ ...derived, ...imported.labels, ...Object.fromEntries(set) }).filter(
    ([key]) => !labels.deleted.has(key)
  );
  const own = annotations.map((item) => {
    const line = `${item.key}=${item.value}`;
    return { ...item, key: fill(item.key, line), value: fill(item.value, line) };
  });
  const { annotationLevels = ["manifest"] } = context;
  return {
    version,
    tagNames: names2,
    references,
    repositories: repositoriesOf(references, tagging),
    labels: Object.fromEntries(kept),
    deleted: labels.deleted,
    annotations: placeAnnotations([...imported.annotations, ...own], annotationLevels),
    annotationLevels,
    created: request.created,
    notes
  };
}
function repositoriesOf(references, { rules }) {
  const named = (rules?.images ?? []).map(parseRepository);
  return [...new Set([...named, ...references].map(formatRepository))];
}
var versionKey = "org.opencontainers.image.version";
function resolveTags({ references, rules }, imported, context) {
  const computed = rules === void 0 ? void 0 : computeTags(rules.rules, rules.flavor, context);
  const names2 = computed?.names ?? [];
  const tagged = (rules?.images ?? []).flatMap((image) => names2.map((name) => parseReference(`${image}:${name}`)));
  const asked = withoutRepeats([...tagged, ...references]);
  const bare = asked.length > 0 ? [] : imported.tags.filter((tag) => !tag.includes(":"));
  const whole = imported.tags.filter((tag) => !bare.includes(tag));
  const all = asked.length > 0 ? asked : withoutRepeats(whole.map(parseReference));
  const first = all[0]?.tag === "latest" ? void 0 : all[0]?.tag;
  return {
    references: all,
    names: [.../* @__PURE__ */ new Set([...names2, ...all.map(({ tag }) => tag)])],
    notes: [
      ...computed?.notes ?? [],
      ...bare.map(
        (tag) => `No tag from "${tag}" of docker/metadata-action: it has no image name. Set images in that step.`
      )
    ],
    version: computed?.version ?? imported.labels[versionKey] ?? context.gitTag ?? first
  };
}
function referencesOf({ references }) {
  return references.map(formatReference);
}

// src/github/repository-facts.ts
async function readRepository(api, repository) {
  const answer = objectOf(await api.get(`repos/${repository}`));
  return {
    ...text("repositoryUrl", answer.html_url),
    description: typeof answer.description === "string" ? answer.description : "",
    ...text("license", objectOf(answer.license).spdx_id),
    ...text("defaultBranch", answer.default_branch)
  };
}
async function readCommitTime(api, { repository, sha }) {
  const answer = objectOf(await api.get(`repos/${repository}/git/commits/${sha}`));
  const time = Date.parse(String(objectOf(answer.committer).date));
  return Number.isNaN(time) ? void 0 : Math.floor(time / 1e3);
}
function text(key, value) {
  return typeof value === "string" ? { [key]: value } : {};
}
function objectOf(value) {
  return isObject(value) ? value : {};
}

// src/stages/describe/complete-context.ts
var longestAnswer = 15e3;
async function completeContext({ githubToken: token }, runtime) {
  const { context, log, env } = runtime;
  const { apiUrl, repository, sha } = context;
  const lacksRepository = context.description === void 0;
  const lacksTime = context.commitTime === void 0 && sha !== void 0;
  if (apiUrl === void 0 || repository === void 0 || !(lacksRepository || lacksTime)) return context;
  if (token === void 0) {
    log.info("github-token is not set, so facts that the event lacks, such as description and license, stay unknown.");
    return context;
  }
  const transport = openTransport({ insecureHosts: [], env });
  const ask = async (fact, question) => {
    try {
      const api = openGitHubApi({ apiUrl, token, send: transport.send, log: { ...log, info: log.debug } });
      return await inTime(question(api));
    } catch (error) {
      log.info(`Continuing without ${fact}: ${messageOf(error)}`);
      return void 0;
    }
  };
  try {
    const facts = lacksRepository ? await ask("the repository's description and license", (api) => readRepository(api, repository)) : {};
    const commitTime = lacksTime ? await ask("the time of the commit", (api) => readCommitTime(api, { repository, sha })) : void 0;
    return { ...context, ...facts, ...commitTime === void 0 ? {} : { commitTime } };
  } finally {
    await transport.close();
  }
}
function inTime(answer) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Failure(`no answer in ${longestAnswer / 1e3} s.`)), longestAnswer);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

// src/stages/describe/find-changed.ts
var [mostNames, longestName] = [3, 100];
async function findChanged(images, runtime) {
  const { log, context } = runtime;
  const affected = images.filter((inputs) => isBuiltFromCheckout(inputs, runtime));
  if (affected.length === 0 || context.revision === void 0) return /* @__PURE__ */ new Set();
  const files = await runtime.changedFiles();
  if (files === void 0) {
    log.info("git cannot tell whether files of the checkout differ from the commit that the labels name.");
    return /* @__PURE__ */ new Set();
  }
  if (files.length === 0) return /* @__PURE__ */ new Set();
  log.warning(
    `${files.length === 1 ? "One tracked file differs" : `${files.length} tracked files differ`} from the commit (${namesOf(files)}). The revision label ends in "-dirty", and created: commit keeps the build's time. Commit the change or restore the files, or set created to choose a time.`
  );
  return new Set(affected);
}
function namesOf(files) {
  const names2 = files.slice(0, mostNames).map((file) => oneLine(file, longestName));
  return [...names2, ...files.length > mostNames ? ["\u2026"] : []].join(", ");
}
function isBuiltFromCheckout({ mode, builds, contents }, runtime) {
  if (mode !== "build" || builds.some(({ source }) => source.kind === "path")) return false;
  const sources = [...builds.map(({ source }) => directoryOf(source)), ...contents.map(directoryOfFlake)];
  return sources.some((directory) => directory !== void 0 && isInCheckout(directory, runtime));
}
function isInCheckout(path, { resolve, directory }) {
  const [source, checkout] = [`${resolve(path)}/`, `${directory}/`];
  return source.startsWith(checkout) || checkout.startsWith(source);
}
function directoryOf(source) {
  if (source.kind === "installable") return directoryOfFlake(source.installable);
  return source.kind === "file" ? source.file.replace(/[^/]*$/, "") : void 0;
}
function directoryOfFlake(installable) {
  const reference = installable.replace(/[?#].*$/s, "").replace(/^(?:path|git\+file):(?:\/\/(?=\/))?/, "");
  return /^(?:$|[./])/.test(reference) ? reference : void 0;
}

// src/stages/describe/describe-run.ts
async function describeRun(images, runtime) {
  const [first, ...others] = images;
  const [context, changed] = await Promise.all([completeContext(first, runtime), findChanged(images, runtime)]);
  const describe = (inputs) => describeImage(inputs, { ...runtime, context: { ...context, isDirty: changed.has(inputs) } });
  const described = [await describe(first)];
  for (const inputs of others) described.push(await describe(inputs));
  if (!first.pushByDigest) expectApart(described.flatMap(({ references }) => references.map(formatReference)));
  return described;
}
async function describeImage(inputs, runtime) {
  const { log, context } = runtime;
  const now = runtime.now();
  const created = createdOf(inputs, runtime);
  const imported = await readGiven(inputs, runtime);
  const metadata = computeMetadata({ ...inputs, imported, created }, { ...context, now });
  for (const note of metadata.notes) log.warning(note);
  for (const reference of metadata.references) log.info(formatReference(reference));
  expectTags(metadata, inputs);
  return metadata;
}
function createdOf(inputs, { log, context, env, now }) {
  const commitTime = context.isDirty ? void 0 : context.checkoutTime ?? context.commitTime;
  const created = resolveCreated(inputs.created, { sourceDateEpoch: env.SOURCE_DATE_EPOCH, commitTime, now });
  if (created === void 0 && inputs.created === "commit" && !context.isDirty && inputs.mode !== "cleanup") {
    log.notice("The commit time is unknown, so the image keeps the created time of its build.");
  }
  return created;
}
async function readGiven({ metadata }, { env, resolve }) {
  if (metadata === void 0) return noMetadata;
  if (metadata.kind === "env") return metadataOfEnvironment(env);
  if (metadata.kind === "json") return metadata.metadata;
  const read = async (path) => parseMetadataJson(await readText(resolve(path), "metadata"), path);
  return joinMetadata(await Promise.all(metadata.paths.map(read)));
}
function expectTags({ references, notes }, { push, load, tagging }) {
  if (references.length > 0 || !(push || load)) return;
  if (tagging.rules?.images.length === 0) {
    throw new Failure(
      `Cannot ${push ? "push" : "load"}: every line of images has enable=false. Enable one, or do not push here.`
    );
  }
  const lines = tagging.rules?.rules.map(({ line }) => `"${line}"`) ?? [];
  const description = lines.length === 0 ? "metadata gives" : `the rules ${lines.join(", ")} give`;
  const why = notes.length > 0 ? notes.join(" ") : lines.length === 0 ? "it has none." : "none matches this event.";
  throw new Failure(
    `Cannot ${push ? "push" : "load"}: ${description} no tag: ${why} Add a rule for it, such as type=ref,event=branch, type=ref,event=tag, type=ref,event=pr, type=sha or type=raw,value=TAG, or do not push here.`
  );
}

// src/stages/describe/describe-only.ts
async function describeOnly(images, runtime) {
  const [metadata] = await runtime.log.group("Metadata", () => describeRun(images, runtime));
  return { metadata };
}

// src/report/result.ts
function hasImages(result) {
  return "images" in result;
}
function isVerified(result) {
  return "verified" in result;
}
function sizeOf({ layers }) {
  return layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
}

// src/metadata/metadata-outputs.ts
var bakeTarget = "docker-metadata-action";
function metadataOutputs(metadata) {
  const { version, tagNames } = metadata;
  const tags = referencesOf(metadata);
  const labels = sorted(metadata.labels);
  const annotations = annotationLines(metadata);
  return {
    version: version ?? "",
    tags: tags.join("\n"),
    "tag-names": tagNames.join("\n"),
    labels: Object.entries(labels).map(assignment).join("\n"),
    annotations: annotations.join("\n"),
    json: JSON.stringify({ tags, "tag-names": tagNames, labels, annotations })
  };
}
function bakeFiles(metadata) {
  const file = (content) => JSON.stringify({ target: { [bakeTarget]: content } }, null, 2);
  const tags = referencesOf(metadata);
  const labels = sorted(metadata.labels);
  const args = { DOCKER_META_IMAGES: metadata.repositories.join(","), DOCKER_META_VERSION: metadata.version };
  return {
    "bake-file-tags": file({ tags, args }),
    "bake-file-labels": file({ labels }),
    "bake-file-annotations": file({ annotations: annotationLines(metadata) }),
    "bake-file": file({ tags, labels, args })
  };
}
function annotationLines({ labels, annotations, annotationLevels }) {
  const own = annotations.map((item) => [annotationName(item), item.value]);
  const all = annotationLevels.flatMap(
    (level) => Object.entries(labels).map(([key, value]) => [`${level}:${key}`, value])
  );
  return Object.entries(sorted(Object.fromEntries([...all, ...own]))).map(assignment);
}
function sorted(labels) {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1));
}
function assignment([key, value]) {
  return `${key}=${value}`;
}

// src/oci/layers-digest.ts
function layersDigest(variants) {
  const lines = variants.map(({ platform, layers }) => `${[platform, ...layers].join(" ")}
`);
  return digestOf(lines.sort().join(""));
}

// src/report/outputs.ts
function outputsOf(result) {
  if (isVerified(result)) return verifyOutputs(result);
  const metadata = metadataResultOf(result)?.metadata;
  const said = metadata === void 0 ? {} : metadataOutputs(metadata);
  if (!hasImages(result)) return said;
  const { images } = result;
  const [image] = images;
  return {
    ...image === void 0 || images.length > 1 ? {} : imageOutputs(image),
    images: JSON.stringify(images.map(summaryOf)),
    "uploaded-bytes": String(images.reduce((sum, { uploadedBytes }) => sum + uploadedBytes, 0)),
    "nix-version": result.nixVersion ?? "",
    "reused-build": String(result.reused !== void 0),
    // Only a step that fails has one.
    "build-log": "",
    ...cacheOutputs(result),
    ...said,
    tags: images.flatMap(tagsOf).join("\n")
  };
}
function outputFilesOf(result) {
  const metadata = metadataResultOf(result)?.metadata;
  if (metadata === void 0) return {};
  const { json = "" } = metadataOutputs(metadata);
  const { descriptor } = outputsOf(result);
  return {
    ...descriptor === void 0 ? {} : { "descriptor-file": descriptor },
    "json-file": json,
    ...bakeFiles(metadata)
  };
}
function metadataResultOf(result) {
  if (isVerified(result)) return void 0;
  if (!hasImages(result)) return result;
  return result.images.length === 1 ? result.images[0] : void 0;
}
function verifyOutputs({ digest, name, verified }) {
  return { digest, image: name, verified: verified.join("\n") };
}
function cacheOutputs({ cache }) {
  return {
    "cache-hit": String(cache !== void 0 && cache.key === cache.matchedKey),
    "cache-key": cache?.key ?? "",
    "cache-matched-key": cache?.matchedKey ?? "",
    "cache-restored-bytes": String(cache?.restoredBytes ?? 0)
  };
}
function imageOutputs(result) {
  const { root, platforms } = result;
  const [first] = platforms;
  return {
    digest: root.digest,
    imageid: first !== void 0 && platforms.length === 1 ? first.configDigest : "",
    image: nameOf(result),
    descriptor: JSON.stringify(descriptorOf(result)),
    metadata: JSON.stringify(metadataOf(result)),
    size: String(sizeOfAll(result)),
    layers: String(platforms.reduce((sum, { layers }) => sum + layers.length, 0)),
    "layers-digest": layersDigestOf(result),
    layout: result.layout ?? ""
  };
}
var mostPackages = 100;
function layerJson(layer) {
  const { descriptor, diffId, state } = layer;
  return { ...descriptor, diffId, state, packages: packagesBySize([layer]).slice(0, mostPackages) };
}
function summaryOf(result) {
  const { name, root, platforms, uploadedBytes } = result;
  return {
    ...name === void 0 ? {} : { name },
    digest: root.digest,
    image: nameOf(result),
    tags: tagsOf(result),
    size: sizeOfAll(result),
    "uploaded-bytes": uploadedBytes,
    "layers-digest": layersDigestOf(result),
    ...result.layout === void 0 ? {} : { layout: result.layout },
    platforms: platforms.map(({ platform, manifest, configDigest }) => ({
      platform,
      digest: manifest.digest,
      imageid: configDigest
    }))
  };
}
function nameOf({ repositories: [first], root }) {
  return first === void 0 ? "" : `${formatRepository(first)}@${root.digest}`;
}
function tagsOf({ pushed, references }) {
  return pushed ? references.map(formatReference) : [];
}
function sizeOfAll({ platforms }) {
  return platforms.reduce((sum, one) => sum + sizeOf(one), 0);
}
function layersDigestOf({ platforms }) {
  const digests = ({ layers }) => layers.map(({ descriptor }) => descriptor.digest);
  return layersDigest(platforms.map((one) => ({ platform: one.platform, layers: digests(one) })));
}
function descriptorOf(result) {
  const { root, platforms } = result;
  const [first] = platforms;
  const name = nameOf(result);
  return {
    mediaType: root.mediaType,
    digest: root.digest,
    size: root.size,
    ...first === void 0 || platforms.length > 1 ? {} : { platform: parsePlatform(first.platform, "the platform of the image") },
    ...name === "" ? {} : { annotations: { "io.containerd.image.name": name } }
  };
}
function metadataOf(result) {
  const { root, platforms, references } = result;
  const [first] = platforms;
  const names2 = references.map(formatReference);
  return {
    "containerimage.descriptor": root,
    "containerimage.digest": root.digest,
    ...names2.length === 0 ? {} : { "image.name": names2.join(",") },
    ...first === void 0 || platforms.length > 1 ? { "nix-image.platforms": platforms.map(({ platform, manifest }) => ({ platform, ...manifest })) } : {
      "containerimage.config.digest": first.configDigest,
      "nix-image.platform": first.platform,
      "nix-image.labels": first.labels,
      "nix-image.layers": first.layers.map(layerJson)
    }
  };
}

// src/load-action.ts
async function loadAction(mode) {
  return mode === "metadata" ? describeOnly : (await import("./chunk-FZIUZE6J.mjs")).actions[mode];
}

export {
  readTexts,
  toTag,
  describeRun,
  describeOnly,
  hasImages,
  isVerified,
  sizeOf,
  metadataOutputs,
  outputsOf,
  outputFilesOf,
  metadataResultOf,
  layerJson,
  summaryOf,
  loadAction
};
