import { parse } from 'node-cron';
import type { CronFields } from '../decide/policy.ts';

/** Five fields of the characters that cron expressions have: no seconds, and no names such as `@daily`. */
const fiveFields = /^[0-9A-Za-z*/,?#-]+( +[0-9A-Za-z*/,?#-]+){4}$/;

/** The fields of a cron expression, or what is wrong with it. */
export type ParsedCron =
  { readonly ok: true; readonly fields: CronFields } | { readonly ok: false; readonly problem: string };

/** node-cron says `61 is a invalid expression for minute`. */
function inOurWords(problem: string): string {
  return problem.replace(/^(.*) is a invalid expression for (.*)$/, '$1 is no value of the field $2');
}

/** Reads a cron expression: minute, hour, day of the month, month, day of the week. */
export function parseCron(text: string): ParsedCron {
  if (!fiveFields.test(text))
    return {
      ok: false,
      problem: 'must be five fields: minute, hour, day of the month, month, day of the week',
    };
  try {
    const { minute, hour, dayOfMonth, month, dayOfWeek } = parse(text);
    return { ok: true, fields: { minute, hour, dayOfMonth, month, dayOfWeek } };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ok: false, problem: `must be a cron expression: ${inOurWords(problem)}` };
  }
}
