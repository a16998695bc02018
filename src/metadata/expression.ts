import { Failure } from '../lib/failure.ts';
import { formatTime, isTimeZone } from './format-time.ts';

/** The value of `{{name}}`: a text, or a time in milliseconds since the epoch, which takes a format and a zone. */
export type Expressions = Readonly<Record<string, string | { readonly time: number }>>;

const expressionPattern = /(\\{0,2})(?:\{\{\{([^{}]*)\}\}\}|\{\{([^{}]*)\}\})/g;
const callPattern = /^\s*([A-Za-z_][\w]*)(?:\s+('[^']*'|"[^"]*"|[^\s'"=]+))?(?:\s+(\w+)\s*=\s*('[^']*'|"[^"]*"))?\s*$/;

/**
 * Fills in `{{name}}`, `{{{name}}}` and `{{date 'FORMAT' tz='ZONE'}}`. Between two braces the value is escaped for
 * HTML, as in Handlebars, which shows in tags: a branch `a&b` gives `a-amp-b`, as in docker/metadata-action. A leading
 * backslash keeps the expression literal; two give one backslash. `line` is quoted in errors.
 */
export function fillIn(template: string, expressions: Expressions, line: string): string {
  const filled = template.replaceAll(
    expressionPattern,
    (match: string, slashes: string, raw?: string, html?: string) => {
      const whole = match.slice(slashes.length);
      if (slashes.length === 1) return whole;
      const value = evaluate((raw ?? html ?? '').trim(), expressions, { whole, line });
      return `${slashes.slice(1)}${raw === undefined ? escapeHtml(value) : value}`;
    },
  );
  if (template.replaceAll(expressionPattern, '').includes('{{')) {
    throw new Failure(`Cannot use the line "${line}": its "{{" has no matching "}}".`);
  }
  return filled;
}

/** Whether the template is only `{{raw}}`. */
export function isRaw(template: string): boolean {
  return /^\{\{\s*raw\s*\}\}$|^\{\{\{\s*raw\s*\}\}\}$/.test(template);
}

function evaluate(
  text: string,
  expressions: Expressions,
  { whole, line }: { readonly whole: string; readonly line: string },
): string {
  const [, name = '', format, option, zone] = callPattern.exec(text) ?? [];
  const value = Object.hasOwn(expressions, name) ? expressions[name] : undefined;
  if (value === undefined) {
    const allowed = Object.keys(expressions).map(key => `{{${key}}}`);
    throw new Failure(`Cannot use the line "${line}": ${whole} is unknown. Known here are ${allowed.join(', ')}.`);
  }
  if (typeof value === 'string') {
    if (format === undefined && option === undefined) return value;
    throw new Failure(`Cannot use the line "${line}": {{${name}}} takes no arguments.`);
  }
  if (format === undefined || (option !== undefined && option !== 'tz')) {
    throw new Failure(
      `Cannot use the line "${line}": {{${name}}} needs a format: write {{${name} 'FORMAT'}} or {{${name} 'FORMAT' tz='ZONE'}}.`,
    );
  }
  const timeZone = zone === undefined ? 'UTC' : unquote(zone);
  if (!isTimeZone(timeZone)) {
    throw new Failure(
      `Cannot use the line "${line}": "${timeZone}" is not a time zone. Use a name from the IANA database, as in Europe/Berlin.`,
    );
  }
  // metadata-action ignores a format without quotes.
  return formatTime(value.time, /^['"]/.test(format) ? unquote(format) : '', timeZone);
}

function unquote(text: string): string {
  return text.slice(1, -1);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
  '`': '&#x60;',
  '=': '&#x3D;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"'`=]/g, character => entities[character] ?? character);
}
