import { expect } from 'chai';
import {
  createStyle,
  fit,
  padEnd,
  padStart,
  plain,
  visibleWidth,
  wantsColor,
} from '../../src/report/style.ts';

const red = createStyle(true)('bad', 'red');

describe('style', () => {
  const terminal = { isTTY: true };
  const pipe = {};
  const cases: Record<string, [stream: { isTTY?: boolean }, env: Record<string, string>, wanted: boolean]> = {
    'has colours on a terminal': [terminal, {}, true],
    'has none in a pipe': [pipe, {}, false],
    'has none on a terminal with NO_COLOR': [terminal, { NO_COLOR: '1' }, false],
    'has them with an empty NO_COLOR': [terminal, { NO_COLOR: '' }, true],
    'has them in a pipe with FORCE_COLOR': [pipe, { FORCE_COLOR: '1' }, true],
    'has them with an empty FORCE_COLOR': [pipe, { FORCE_COLOR: '' }, true],
    'has none on a terminal with FORCE_COLOR=0': [terminal, { FORCE_COLOR: '0' }, false],
    'follows FORCE_COLOR before NO_COLOR': [pipe, { FORCE_COLOR: '3', NO_COLOR: '1' }, true],
    'has none on a dumb terminal': [terminal, { TERM: 'dumb' }, false],
  };
  for (const [sentence, [stream, env, wanted]] of Object.entries(cases)) {
    it(sentence, () => expect(wantsColor(stream, env)).to.equal(wanted));
  }

  it('adds codes only where colours are wanted', () => {
    expect(createStyle(false)('bad', 'red')).to.equal('red');
    expect(red).to.equal('\u001b[31mred\u001b[39m');
  });

  it('measures and pads without counting the codes', () => {
    expect(visibleWidth(`${red} ▲`)).to.equal(5);
    expect(visibleWidth(padEnd(red, 6))).to.equal(6);
    expect(padStart('7', 3)).to.equal('  7');
  });

  it('cuts to a width with an ellipsis, and ends colours there', () => {
    expect(fit('short', 5)).to.equal('short');
    expect(fit('longer', 5)).to.equal('long…');
    expect(fit(`ab${red}cd`, 4)).to.equal('ab\u001b[31mr…\u001b[0m');
    expect(fit(red, 3)).to.equal(red);
  });

  it('takes control characters out of texts from elsewhere', () => {
    expect(plain('New size: 4\n\u001b[2Jgone\u0007')).to.equal('New size: 4 gone');
  });
});
