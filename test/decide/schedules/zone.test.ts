import { expect } from 'chai';
import fc from 'fast-check';
import { zoneOf } from '../../../src/decide/schedules/zone.ts';
import { zones } from './arbitrary.ts';
import { at, hour, minute } from './builders.ts';
import { msOf, shownMinutes } from './reference.ts';

const shown = (zone: string, time: string): string =>
  new Date(zoneOf(zone).shownAt(at(time))).toISOString().slice(0, 16);
const instant = (zone: string, reading: string): string =>
  new Date(zoneOf(zone).instantOf(at(`${reading}Z`))).toISOString();

describe('the clocks of a zone', () => {
  it('show what Intl says they show, at every minute of two years', () => {
    for (const name of zones) {
      const zone = zoneOf(name);
      const wrong = shownMinutes(name).findIndex(
        (reading, index) => zone.shownAt(msOf(index)) !== reading * minute,
      );
      expect(wrong, name).to.equal(-1);
    }
  });

  it('are those of every zone that Intl knows', () => {
    const read = { dateStyle: 'short', timeStyle: 'medium' } as const;
    for (const timeZone of Intl.supportedValuesOf('timeZone')) {
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone, ...read });
      for (let ms = at('2026-01-01T00:00Z'); ms < at('2027-01-01T00:00Z'); ms += 101 * hour) {
        const reading = format.format(ms).replace(' ', 'T');
        expect(`${timeZone} ${new Date(zoneOf(timeZone).shownAt(ms)).toISOString().slice(0, 19)}`).to.equal(
          `${timeZone} ${reading}`,
        );
      }
    }
  });

  it('are set at the second, as long ago as there were seconds in an offset', () => {
    const zone = zoneOf('America/New_York'); // 1883-11-18, from 4:56:02 behind to 5:00
    expect(zone.shownAt(at('1883-11-18T16:59:59Z'))).to.equal(at('1883-11-18T12:03:57Z'));
    expect(zone.shownAt(at('1883-11-18T17:00:00Z'))).to.equal(at('1883-11-18T12:00:00Z'));
  });

  it('are refused where nobody knows the zone', () => {
    expect(() => zoneOf('Europe/Atlantis')).to.throw(RangeError, 'Europe/Atlantis');
  });

  const times: Record<string, [zone: string, reading: string, expected: string]> = {
    'an ordinary time': ['Europe/Berlin', '2027-01-15T08:00', '2027-01-15T07:00:00.000Z'],
    'a time that is leapt over, at the leap': [
      'Europe/Berlin',
      '2027-03-28T02:30',
      '2027-03-28T01:00:00.000Z',
    ],
    'the first time after a leap, too': ['Europe/Berlin', '2027-03-28T03:00', '2027-03-28T01:00:00.000Z'],
    'a time that comes twice, at the first': [
      'Europe/Berlin',
      '2027-10-31T02:30',
      '2027-10-31T00:30:00.000Z',
    ],
    'half an hour that is leapt over': [
      'Australia/Lord_Howe',
      '2027-10-03T02:10',
      '2027-10-02T15:30:00.000Z',
    ],
    'half an hour that comes twice': ['Australia/Lord_Howe', '2027-04-04T01:45', '2027-04-03T14:45:00.000Z'],
    'a midnight that is leapt over': ['America/Santiago', '2027-09-05T00:00', '2027-09-05T04:00:00.000Z'],
    'a day that is leapt over': ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00:00.000Z'],
    'the new year, where the zone is in the old one': [
      'Pacific/Kiritimati',
      '2027-01-01T00:00',
      '2026-12-31T10:00:00.000Z',
    ],
  };
  for (const [what, [zone, reading, expected]] of Object.entries(times)) {
    it(`show ${what}`, () => {
      expect(instant(zone, reading)).to.equal(expected);
    });
  }

  it('show the time of the moment that was found for it, unless it is leapt over', () => {
    const anyTime = fc.integer({
      min: at('2027-01-01T00:00Z') / minute,
      max: at('2029-01-01T00:00Z') / minute,
    });
    fc.assert(
      fc.property(fc.constantFrom(...zones), anyTime, (name, time) => {
        const zone = zoneOf(name);
        const readingMs = time * minute;
        const atMs = zone.instantOf(readingMs);
        if (zone.shownAt(atMs) === readingMs) {
          expect(zone.shownAt(atMs - 3 * hour), 'not the first').not.to.equal(readingMs);
        } else {
          expect(zone.shownAt(atMs)).to.be.above(readingMs);
          expect(zone.shownAt(atMs - 1)).to.be.below(readingMs);
        }
        expect(zone.instantOf(readingMs + minute), 'later').to.be.at.least(atMs);
      }),
      { numRuns: 2000 },
    );
  });

  it('do not remember more than is of use', () => {
    const zone = zoneOf('Europe/Berlin');
    for (let year = 1900; year < 2027; year++) zone.shownAt(Date.UTC(year, 6, 1));
    expect(shown('Europe/Berlin', '2027-07-01T12:00Z')).to.equal('2027-07-01T14:00');
  });
});
