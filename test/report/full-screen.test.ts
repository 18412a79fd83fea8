import { expect } from 'chai';
import { FullScreen } from '../../src/report/full-screen.ts';
import { Screen } from './screen.ts';

describe('full screen', () => {
  it('gives back the screen and the cursor as they were, once', () => {
    const screen = new Screen();
    screen.write('before\n');
    const full = new FullScreen(screen);
    full.show(() => ['one', 'two']);
    expect(screen.text).to.deep.equal(['one', 'two']);
    expect(screen.cursorVisible).to.equal(false);
    full.restore();
    expect(screen.text).to.deep.equal(['before']);
    expect(screen.cursorVisible).to.equal(true);
    const { length } = screen.written;
    full.restore();
    full.show(() => ['late']);
    expect(screen.written).to.have.length(length);
  });

  it('gives them back when the code around it throws', () => {
    const screen = new Screen();
    expect(() => {
      using full = new FullScreen(screen);
      full.show(() => ['x']);
      throw new Error('oh');
    }).to.throw('oh');
    expect(screen.text).to.deep.equal([]);
    expect(screen.cursorVisible).to.equal(true);
  });
});
