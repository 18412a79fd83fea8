import { expect } from 'chai';
import { errorMessage, UserError } from '../../src/lib/errors.ts';

describe('the message of what was thrown', () => {
  const refused = new Error('connect ECONNREFUSED 127.0.0.1:1');
  const cases: Record<string, [thrown: unknown, message: string]> = {
    'is its own': [new Error('no'), 'no'],
    'goes on with its cause': [
      new Error('cannot read', { cause: new Error('no such file') }),
      'cannot read: no such file',
    ],
    'tells a cause once': [
      new Error('cannot reach it: connect ECONNREFUSED 127.0.0.1:1 (get pods)', { cause: refused }),
      'cannot reach it: connect ECONNREFUSED 127.0.0.1:1 (get pods)',
    ],
    'is that of every part where several failed': [
      new AggregateError([new Error('a'), new Error('b')]),
      'a; b',
    ],
    'is its text where it is no error': ['plain', 'plain'],
  };
  for (const [sentence, [thrown, message]] of Object.entries(cases)) {
    it(sentence, () => {
      expect(errorMessage(thrown)).to.equal(message);
    });
  }
});

describe('a mistake of the user', () => {
  it('ends the process with 2 unless it says otherwise', () => {
    expect(new UserError('x').exitCode).to.equal(2);
    expect(new UserError('x', { exitCode: 1 }).exitCode).to.equal(1);
  });
});
