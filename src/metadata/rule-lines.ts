/** The lines of a list in docker/metadata-action's notation, without blank lines and comments (`#`). */
export function ruleLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
}

/** The comma-separated fields of one line, each `[key, value]` or, without `=`, `[value]`. RFC 4180 quotes. */
export function fieldsOf(line: string): ([key: string, value: string] | [value: string])[] {
  const fields = splitFields(line);
  const [only = ''] = fields;
  // Quotes around a whole line are removed, as in docker/metadata-action.
  if (fields.length === 1 && only !== line && splitFields(only).slice(1).some(isAssignment)) return fieldsOf(only);
  return fields.map(field => {
    const equals = field.indexOf('=', 1);
    if (equals < 0) return [field.trim()];
    return [field.slice(0, equals).trim().toLowerCase(), field.slice(equals + 1).trim()];
  });
}

function isAssignment(field: string): boolean {
  return /^\s*\w+\s*=/.test(field);
}

/** A quote inside an unquoted field is an ordinary character. */
function splitFields(line: string): string[] {
  const fields = line.matchAll(/(?<=^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g);
  return [...fields].map(([, quoted, bare]) => (quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"')));
}
