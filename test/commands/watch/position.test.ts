import { expect } from 'chai';
import { parseKeys, type Position, press, type Surroundings } from '../../../src/commands/watch/position.ts';

const around: Surroundings = {
  nowMs: 100_000,
  oldestMs: 80_000,
  keys: ['a/x', 'a/y', 'b/x'],
  isSingle: false,
};
const start: Position = { panel: 'main' };

/** Where these keys lead to from the table. */
function after(keys: string, parts: Partial<Surroundings> = {}, from = start): Position | 'quit' {
  let position: Position | 'quit' = from;
  for (const key of parseKeys(keys))
    if (position !== 'quit') position = press(position, key, { ...around, ...parts });
  return position;
}

const [up, down, right, left] = ['A', 'B', 'C', 'D'].map((letter) => `\u001b[${letter}`);

describe('keys of the watch', () => {
  const cases: Readonly<Record<string, [string, Position | 'quit']>> = {
    'quit with q': ['q', 'quit'],
    'quit with Ctrl-C, which is a key in a raw terminal': ['\u0003', 'quit'],
    'open the first autoscaler when none was chosen': ['\r', { panel: 'main', opened: 'a/x' }],
    'choose, and stop at the ends': [`${up}${down}${down}${down}`, { panel: 'main', chosen: 'b/x' }],
    'open the chosen one': [`${down}\r`, { panel: 'main', chosen: 'a/y', opened: 'a/y' }],
    'go back to the table': [`${down}\r\u001b`, { panel: 'main', chosen: 'a/y' }],
    'close a panel before that': ['\re\u001b', { panel: 'main', opened: 'a/x' }],
    'pause at this moment': ['p', { panel: 'main', atMs: 100_000 }],
    'go on after a pause': ['pp', { panel: 'main' }],
    'go back five seconds at a time, as far as is kept': [
      `${left}`.repeat(9),
      { panel: 'main', atMs: 80_000 },
    ],
    'go back and forth': [`${left}${left}${right}`, { panel: 'main', atMs: 95_000 }],
    'be back at now after as many steps': [`${left}${right}`, { panel: 'main' }],
    'jump to the oldest moment': ['\u001b[H', { panel: 'main', atMs: 80_000 }],
    'jump to now': ['\u001b[H\u001b[F', { panel: 'main' }],
    'mean nothing when they are others': ['xyz\u001b[5~', { panel: 'main' }],
  };
  for (const [name, [keys, expected]] of Object.entries(cases))
    it(name, () => {
      expect(after(keys)).to.deep.equal(expected);
    });

  it('open a panel and close it with the same key', () => {
    expect(after('e')).to.deep.equal({ panel: 'events' });
    expect(after('er')).to.deep.equal({ panel: 'reasons' });
    expect(after('err')).to.deep.equal(start);
  });

  it('have no table to go back to when one autoscaler was named', () => {
    const opened: Position = { panel: 'main', opened: 'a/x' };
    expect(after('\u001b', { isSingle: true }, opened)).to.deep.equal(opened);
  });

  it('choose nothing where there is nothing', () => {
    expect(after(`${down}\r`, { keys: [] })).to.deep.equal(start);
  });
});
