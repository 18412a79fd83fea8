import type { NotScraped, ScrapeProblem } from '../snapshot.ts';

/** So many are named; the trace has more. */
const maxNames = 3;

/** `2 did not answer in time (web-1, web-2), 1 gave no exposition (web-3: answered 302)` */
export function notScrapedText(notScraped: readonly NotScraped[]): string {
  return notScraped
    .map(({ reason, count, names, detail }) => {
      const shown = names.slice(0, maxNames).join(', ');
      const more = names.length > 0 && count > maxNames ? '...' : '';
      const told = [`${shown}${more}`, detail].filter((part) => part !== undefined && part !== '').join(': ');
      return `${count} ${texts[reason]}${told === '' ? '' : ` (${told})`}`;
    })
    .join(', ');
}

const texts: Readonly<Record<ScrapeProblem, string>> = {
  NoAddress: 'had no address yet',
  ForeignAddress: 'had an address that is never asked',
  NoPort: 'had no port of that name',
  Unreachable: 'could not be reached',
  TimedOut: 'did not answer in time',
  OutOfTime: 'had not answered when the time for all was over',
  Refused: 'gave no exposition',
  TooLarge: 'gave too much',
  Malformed: 'gave what cannot be read',
  NoSeries: 'had no such series',
  NotFinite: 'had a value that is no number',
  FirstSample: 'had one sample only, which makes no rate',
};
