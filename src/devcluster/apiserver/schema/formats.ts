import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parseDuration } from '../../../lib/duration.ts';

const ajv = new Ajv({ strict: false });
addFormats.default(ajv);

const fromAjv = (format: string): ((text: string) => boolean) => {
  const validate = ajv.compile({ type: 'string', format });
  return (text) => validate(text);
};

const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** The formats of strings that Kubernetes checks; it ignores all others. */
const formats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': fromAjv('date-time'),
  datetime: fromAjv('date-time'),
  date: fromAjv('date'),
  duration: isDuration,
  uri: fromAjv('uri'),
  email: fromAjv('email'),
  hostname: fromAjv('hostname'),
  ipv4: fromAjv('ipv4'),
  ipv6: fromAjv('ipv6'),
  byte: fromAjv('byte'),
  uuid: (text) => uuid.test(text),
  cidr: isCidr,
  mac: (text) => /^([0-9a-f]{2}[:-]){5}([0-9a-f]{2})$/i.test(text),
  hexcolor: (text) => /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text),
};

/** A Go duration (`1m30s`) or a number with a word (`5 minutes`, `2 days`), as strfmt reads it. */
function isDuration(text: string): boolean {
  const words =
    /^\s*-?\d+(\.\d+)?\s*(ns|us|µs|ms|s|m|h|d|w|nano|micro|milli|sec|second|min|minute|hr|hour|day|week)s?\s*$/;
  return parseDuration(text) !== undefined || words.test(text);
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  if (formats.ipv4?.(address) === true) return Number(bits) <= 32;
  return formats.ipv6?.(address) === true && Number(bits) <= 128;
}

/** Whether the text has the format; formats that Kubernetes does not know are always kept. */
export function hasFormat(text: string, format: string): boolean {
  return formats[format]?.(text) ?? true;
}
