import { DecodeError } from '../errors.ts';

const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/;

/**
 * metav1.MicroTime: exactly six decimals; a zone offset becomes UTC.
 * @throws DecodeError for anything else
 */
export function microTime(text: string): string {
  if (!form.test(text)) {
    const layout = '2006-01-02T15:04:05.000000Z07:00';
    throw new DecodeError(
      `parsing time "${text}" as "${layout}": cannot parse "${text.slice(19)}" as ".000000"`,
    );
  }
  const micros = text.slice(19, 26);
  const seconds = new Date(text.slice(0, 19) + text.slice(26)).toISOString().slice(0, 19);
  return `${seconds}${micros}Z`;
}
