import { expect } from 'chai';
import { classOfError, classOfStatus } from '../../src/load/failures.ts';

const withCode = (code: string): Error => Object.assign(new Error(code), { code });

describe('failure classes', () => {
  const errors: Record<string, [error: unknown, failure: string]> = {
    'a refused connection': [withCode('ECONNREFUSED'), 'connectionRefused'],
    'a reset connection': [withCode('ECONNRESET'), 'connectionReset'],
    'a write to a closed connection': [withCode('EPIPE'), 'connectionReset'],
    'no answer to the connecting': [withCode('ETIMEDOUT'), 'timeout'],
    'a name that nobody knows': [withCode('ENOTFOUND'), 'nameNotFound'],
    'several addresses that all refuse': [
      new AggregateError([withCode('ECONNREFUSED')]),
      'connectionRefused',
    ],
    'an unreachable network': [withCode('ENETUNREACH'), 'networkError'],
    'a certificate that nobody trusts': [withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tlsError'],
    'a certificate for another name': [withCode('ERR_TLS_CERT_ALTNAME_INVALID'), 'tlsError'],
    'an answer that is no TLS': [withCode('ERR_SSL_WRONG_VERSION_NUMBER'), 'tlsError'],
    'ports that are used up': [withCode('EADDRNOTAVAIL'), 'noFreePort'],
    'too many open files': [withCode('EMFILE'), 'tooManyOpenFiles'],
    'what has no code': [new Error('what'), 'networkError'],
  };
  for (const [sentence, [error, failure]] of Object.entries(errors)) {
    it(`names ${sentence}`, () => expect(classOfError(error)).to.equal(failure));
  }

  it('takes statuses below 400 for success, and tells the others apart', () => {
    expect([200, 204, 302, 399].map(classOfStatus)).to.deep.equal([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect([400, 404, 499].map(classOfStatus)).to.deep.equal(['status4xx', 'status4xx', 'status4xx']);
    expect([500, 503, 599].map(classOfStatus)).to.deep.equal(['status5xx', 'status5xx', 'status5xx']);
  });
});
