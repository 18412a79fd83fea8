import { expect } from 'chai';
import fc from 'fast-check';
import { type Profile, profileDurationMs, ramp, type Segment, steady } from '../../src/lib/load-profile.ts';
import { RateCurve } from '../../src/lib/load-profile-curve.ts';
import { parseProfile, profileFromData } from '../../src/lib/load-profile-parse.ts';

const parse = (text: string): Profile => parseProfile(text, { name: '--profile' });

const texts: Record<string, Segment[]> = {
  '50/s for 30s, to 400/s over 1m, 400/s for 2m': [
    steady(50, 30_000),
    ramp(50, 400, 60_000),
    steady(400, 120_000),
  ],
  'to 90/s over 1m30s': [ramp(0, 90, 90_000)],
  '600/m for 500ms': [steady(10, 500)],
  '3600/h for 1h': [steady(1, 3_600_000)],
  '0/s for 1s': [steady(0, 1000)],
  '2.5/s for 1.5s': [steady(2.5, 1500)],
  'ramp from 5/s to 20/s over 10s': [ramp(5, 20, 10_000)],
  'step from 50/s to 400/s after 30s for 2m': [steady(50, 30_000), steady(400, 90_000)],
  'staircase from 100/s to 400/s in 4 steps of 30s': [100, 200, 300, 400].map((rate) => steady(rate, 30_000)),
  'staircase from 400/s to 100/s in 2 steps of 1s': [steady(400, 1000), steady(100, 1000)],
  'sine from 50/s to 400/s every 2m for 10m': [
    { type: 'sine', durationMs: 600_000, lowPerSecond: 50, highPerSecond: 400, periodMs: 120_000 },
  ],
  'square from 1/s to 9/s every 2s for 5s': [1, 9, 1, 9, 1].map((rate) => steady(rate, 1000)),
  'spike from 1/s to 9/s of 2s every 10s for 25s': [
    steady(1, 8000),
    steady(9, 2000),
    steady(1, 8000),
    steady(9, 2000),
    steady(1, 5000),
  ],
  'sine from 10/s to 30/s every 4s for 2s, to 50/s over 1s': [
    { type: 'sine', durationMs: 2000, lowPerSecond: 10, highPerSecond: 30, periodMs: 4000 },
    ramp(30, 50, 1000),
  ],
};

describe('language of load profiles', () => {
  for (const [text, segments] of Object.entries(texts)) {
    it(`reads: ${text}`, () => expect(parse(text)).to.deep.equal({ segments, arrivals: 'constant' }));
  }

  it('takes line breaks and semicolons for commas, and # for a comment to the end of the line', () => {
    const text = '# a quiet morning\n50/s for 30s # then\n\nto 400/s over 1m;\n400/s for 2m,\n';
    expect(parse(text)).to.deep.equal(parse('50/s for 30s, to 400/s over 1m, 400/s for 2m'));
  });

  it('takes the kind of arrivals anywhere', () => {
    for (const text of ['poisson arrivals, 5/s for 1s', '5/s for 1s, poisson arrivals'])
      expect(parse(text)).to.deep.equal({ segments: [steady(5, 1000)], arrivals: 'poisson' });
    expect(parse('5/s for 1s, constant arrivals').arrivals).to.equal('constant');
  });

  const refused: Record<string, [text: string, message: RegExp]> = {
    'an unknown word, with what may stand there': [
      '50/s for 30s, frob 3',
      /^--profile, character 15: found "frob"; allowed is a rate such as 50\/s, or one of to, ramp, step, staircase, sine, square, spike, replay, poisson, constant$/,
    ],
    'a word that every object has': [
      'constructor 5/s',
      /character 1: found "constructor"; allowed is a rate/,
    ],
    'a rate without its unit': ['50 for 30s', /character 1: found "50"; allowed is a rate/],
    'a rate in an unknown unit': [
      '50/d for 30s',
      /character 1: found "50\/d"; allowed is a rate such as 50\/s, 3000\/m or 90\/h/,
    ],
    'a negative rate': ['to -5/s over 1s', /character 4: found "-5\/s"; allowed is a rate/],
    'a rate beyond the limit': ['2000000/s for 1s', /up to 1000000\/s$/],
    'a missing word': ['50/s 30s', /character 6: found "30s"; allowed is "for"$/],
    'no time': ['50/s for', /character 9: found the end; allowed is a duration/],
    'a time of nothing': ['50/s for 0s', /character 10: found "0s"; allowed is a duration/],
    'a time without its unit': ['50/s for 30', /found "30"; allowed is a duration such as 30s or 1m30s/],
    'parts without a comma': [
      '50/s for 1s 60/s for 1s',
      /character 13: found "60\/s"; allowed is a comma or the end$/,
    ],
    'a break in the middle of a part': [
      '50/s\nfor 1s',
      /line 1, character 5: found a line break; allowed is "for"$/,
    ],
    'the second line of several': ['50/s for 1s\n  60/x for 1s', /line 2, character 3: found "60\/x"/],
    'one step': [
      'staircase from 1/s to 2/s in 1 steps of 1s',
      /found "1"; allowed is a whole number of steps from 2 to 1000$/,
    ],
    'a step after its end': [
      'step from 1/s to 2/s after 10s for 5s',
      /found "5s"; the whole must be longer than the 10s/,
    ],
    'spikes that do not fit': [
      'spike from 1/s to 2/s of 10s every 5s for 1m',
      /spikes of 10s do not fit into 5s$|found "1m"; spikes of 10s do not fit/,
    ],
    'more periods than are reasonable': ['square from 1/s to 2/s every 1ms for 720h', /too many periods/],
    'a run of more than a month': ['1/s for 719h, 1/s for 2h', /the whole is longer than 720h0m0s/],
    nothing: ['', /character 1: found the end; allowed is a rate/],
    'no load at all': ['poisson arrivals', /found the end; allowed is a rate/],
    'a file where none can be read': [
      'replay trace.csv',
      /character 8: found "trace.csv"; replay cannot be used here/,
    ],
  };
  for (const [sentence, [text, message]] of Object.entries(refused)) {
    it(`refuses ${sentence}`, () => {
      expect(() => parse(text))
        .to.throw(message)
        .with.property('exitCode', 2);
    });
  }

  it('refuses or takes any text, and never breaks', () => {
    const words = fc.constantFrom(
      '50/s',
      'for',
      '30s',
      'to',
      'from',
      'over',
      'sine',
      'every',
      ',',
      'spike',
      'of',
      '3',
      '\n',
      '"x',
      '#',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 12 }), (list) => {
        try {
          expect(profileDurationMs(parse(list.join(' ')))).to.be.above(0);
        } catch (error) {
          expect(error).to.have.property('name', 'UserError');
        }
      }),
      { numRuns: 500 },
    );
  });

  describe('with files', () => {
    const files: Record<string, string> = { 'trace.csv': '0,10\n60,20\n120,0\n', 'a b.csv': '0,1\n1,0\n' };
    const withFiles = (text: string): Profile =>
      parseProfile(text, { readFile: (name) => files[name] ?? '' });

    it('replays a CSV, at another scale and another speed where that is asked for', () => {
      expect(withFiles('replay trace.csv').segments).to.deep.equal([steady(10, 60_000), steady(20, 60_000)]);
      expect(withFiles('replay trace.csv scaled by 0.5 sped up by 60').segments).to.deep.equal([
        steady(5, 1000),
        steady(10, 1000),
      ]);
    });

    it('takes a name in quotes, and goes on after the file', () => {
      const { segments } = withFiles('replay "a b.csv", to 5/s over 1s');
      expect(segments).to.deep.equal([steady(1, 1000), ramp(1, 5, 1000)]);
    });

    it('refuses a scale of nothing', () => {
      expect(() => withFiles('replay trace.csv scaled by 0')).to.throw(
        /found "0"; allowed is a number above 0/,
      );
    });
  });
});

describe('profile as data', () => {
  it('is read back as it was', () => {
    for (const text of Object.keys(texts)) {
      const profile = parse(text);
      expect(profileFromData(JSON.parse(JSON.stringify(profile)), 'x.json')).to.deep.equal(profile);
    }
  });

  const refused: Record<string, [data: unknown, message: RegExp]> = {
    nothing: [null, /^x\.json: no segments/],
    'an empty list': [{ segments: [] }, /no segments/],
    'an unknown kind of segment': [
      { segments: [{ type: 'cube' }] },
      /segments\[0\]\.type must be linear or sine/,
    ],
    'a kind of segment that every object has a member of': [
      { segments: [{ type: 'constructor' }] },
      /segments\[0\]\.type must be linear or sine/,
    ],
    'parts that are too long together': [
      { segments: Array(3).fill({ type: 'linear', durationMs: 1e9, fromPerSecond: 1, toPerSecond: 1 }) },
      /^x\.json: the whole is longer than 720h0m0s$/,
    ],
    'a segment without its rate': [
      { segments: [{ type: 'linear', durationMs: 1, fromPerSecond: 1 }] },
      /segments\[0\]\.toPerSecond must be a number from 0 to 1000000, not undefined/,
    ],
    'a rate that is no number': [
      { segments: [{ type: 'linear', durationMs: 1, fromPerSecond: '1', toPerSecond: 1 }] },
      /fromPerSecond must be a number .* not "1"/,
    ],
    'a wave without a period': [
      { segments: [{ type: 'sine', durationMs: 1, lowPerSecond: 1, highPerSecond: 2, periodMs: 0 }] },
      /periodMs must be a number .* not 0$/,
    ],
    'unknown arrivals': [
      { segments: [{}], arrivals: 'late' },
      /arrivals must be constant or poisson, not "late"/,
    ],
  };
  for (const [sentence, [data, message]] of Object.entries(refused)) {
    it(`refuses ${sentence}`, () => expect(() => profileFromData(data, 'x.json')).to.throw(message));
  }

  it('has the area of its shapes', () => {
    const area = (text: string): number => new RateCurve(parse(text)).area;
    expect(area('square from 10/s to 30/s every 10s for 1m')).to.be.closeTo(1200, 1e-9);
    expect(area('spike from 10/s to 100/s of 1s every 10s for 1m')).to.be.closeTo(10 * 54 + 100 * 6, 1e-9);
    expect(area('staircase from 10/s to 40/s in 4 steps of 10s')).to.be.closeTo(1000, 1e-9);
  });
});
