import { expect } from 'chai';
import { KubeError } from '../../src/kube/errors.ts';
import { retryPauseMs } from '../../src/kube/retry.ts';

const answered = (status: number, retryAfterMs?: number) =>
  new KubeError('refused', { type: 'Other', status, retryAfterMs });
const broken = (code: string) =>
  new KubeError('cannot reach', { type: 'Unreachable', cause: Object.assign(new Error(code), { code }) });

interface Case {
  readonly error: unknown;
  /** Milliseconds with chance 0, for the first attempt. */
  readonly get: number | undefined;
  readonly patch: number | undefined;
  /** The same for a GET's second attempt. */
  readonly again: number | undefined;
}

const cases: Record<string, Case> = {
  'a refused token': { error: answered(401), get: 0, patch: 0, again: undefined },
  'a certificate that has expired': {
    error: broken('CERT_HAS_EXPIRED'),
    get: 0,
    patch: 0,
    again: undefined,
  },
  '429 with a time': { error: answered(429, 3000), get: 3000, patch: 3000, again: 3000 },
  '429 without': { error: answered(429), get: 50, patch: 50, again: 100 },
  '503 with a time': { error: answered(503, 1000), get: 1000, patch: 1000, again: 1000 },
  '500 with a time': { error: answered(500, 1000), get: 1000, patch: 1000, again: 1000 },
  '503 without': { error: answered(503), get: 50, patch: undefined, again: 100 },
  '500 without': { error: answered(500), get: 50, patch: undefined, again: 100 },
  '504 without': { error: answered(504), get: 50, patch: undefined, again: 100 },
  'what is not implemented': { error: answered(501), get: undefined, patch: undefined, again: undefined },
  'a stale connection': { error: broken('UND_ERR_SOCKET'), get: 0, patch: undefined, again: undefined },
  'a refused connection': {
    error: broken('ECONNREFUSED'),
    get: undefined,
    patch: undefined,
    again: undefined,
  },
  'a conflict': { error: answered(409), get: undefined, patch: undefined, again: undefined },
  'missing rights': { error: answered(403), get: undefined, patch: undefined, again: undefined },
  'a fence': {
    error: new KubeError('x', { type: 'Fenced' }),
    get: undefined,
    patch: undefined,
    again: undefined,
  },
  'a mistake in the program': {
    error: new TypeError('x'),
    get: undefined,
    patch: undefined,
    again: undefined,
  },
};

describe('retryPauseMs', () => {
  for (const [title, { error, get, patch, again }] of Object.entries(cases)) {
    it(`knows when to send again after ${title}`, () => {
      const pause = (method: string, number: number) =>
        retryPauseMs(error, { method, number, random: () => 0 });
      expect([pause('GET', 1), pause('PATCH', 1), pause('GET', 2)]).to.deep.equal([get, patch, again]);
    });
  }

  it('never comes earlier than asked, and later by a quarter at most', () => {
    const pauses = [0, 0.5, 1].map((chance) =>
      retryPauseMs(answered(429, 1000), { method: 'PUT', number: 1, random: () => chance }),
    );
    expect(pauses).to.deep.equal([1000, 1125, 1250]);
  });

  it('doubles its pauses up to a limit, and stops after five attempts', () => {
    const pauses = [1, 2, 3, 4, 5].map((number) =>
      retryPauseMs(answered(500), { method: 'GET', number, random: () => 1 }),
    );
    expect(pauses).to.deep.equal([100, 200, 400, 800, undefined]);
  });
});
