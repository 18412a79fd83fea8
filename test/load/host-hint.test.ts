import { expect } from 'chai';
import { hostHint } from '../../src/load/host-hint.ts';
import { loadResult } from '../report/samples.ts';

describe('hint to name the host', () => {
  const url = new URL('http://127.80.0.1/');
  const headers: string[] = [];
  const requests = { sent: 40, ok: 0, failed: 40, dropped: 0 };
  const notFound = loadResult({ requests, failedStatuses: { 404: 40 }, perPod: {} });

  it('is given where an address alone answers nothing but 404, and no pod did', () => {
    expect(hostHint(notFound, { url, headers })).to.deep.equal([
      "only 404, and from no pod: if 127.80.0.1 is an Ingress, it goes by the host; give it with -H 'Host: NAME'",
    ]);
  });

  const silent: Record<string, Parameters<typeof hostHint>> = {
    'a header names the host': [notFound, { url, headers: ['Host: web.localhost'] }],
    'the URL names the host': [notFound, { url: new URL('http://web.localhost/'), headers }],
    'pods answered': [
      { ...notFound, perPod: loadResult().perPod },
      { url, headers },
    ],
    'some were answered well': [
      { ...notFound, requests: { ...requests, ok: 1 } },
      { url, headers },
    ],
    'another status came too': [
      { ...notFound, failedStatuses: { 404: 39, 503: 1 } },
      { url, headers },
    ],
    'nothing was not found': [
      { ...notFound, failedStatuses: {} },
      { url, headers },
    ],
  };
  for (const [sentence, asked] of Object.entries(silent))
    it(`is not given where ${sentence}`, () => expect(hostHint(...asked)).to.deep.equal([]));
});
