import { expect } from 'chai';
import { healthHandler } from '../../src/operator/health.ts';
import { serve } from '../../src/operator/serve.ts';

const handler = (failure?: string) =>
  healthHandler({
    live: { heartbeat: () => undefined },
    ready: { pods: () => failure, customautoscalers: () => undefined },
    metrics: () => Promise.resolve('plimsoll_up 1\n'),
  });

describe('healthHandler', () => {
  const rows: Record<
    string,
    { path: string; method?: string; failure?: string; status: number; text: string }
  > = {
    'is alive while the heart beats, whatever the cluster does': {
      path: '/healthz',
      failure: 'connection refused',
      status: 200,
      text: '[+]heartbeat ok\nok\n',
    },
    'is ready when all is well': {
      path: '/readyz',
      status: 200,
      text: '[+]heartbeat ok\n[+]pods ok\n[+]customautoscalers ok\nok\n',
    },
    'says why it is not ready': {
      path: '/readyz?verbose',
      failure: 'connection refused',
      status: 503,
      text: '[+]heartbeat ok\n[-]pods: connection refused\n[+]customautoscalers ok\nfailed\n',
    },
    'shows its metrics': { path: '/metrics', status: 200, text: 'plimsoll_up 1\n' },
    'knows nothing else': {
      path: '/',
      status: 404,
      text: 'not found: /healthz, /readyz and /metrics are served\n',
    },
    'only answers questions': { path: '/metrics', method: 'POST', status: 405, text: 'only GET\n' },
  };
  for (const [title, { path, method = 'GET', failure, status, text }] of Object.entries(rows)) {
    it(title, async () => {
      const response = await handler(failure)(new Request(`http://operator${path}`, { method }));
      expect({ status: response.status, text: await response.text() }).to.deep.equal({ status, text });
    });
  }
});

describe('serve', () => {
  it('takes a free port for 0, and gives it back', async () => {
    const first = await serve(handler(), { host: '127.0.0.1', port: 0 });
    const response = await fetch(`${first.url}/metrics`);
    expect(await response.text()).to.equal('plimsoll_up 1\n');
    expect(response.headers.get('content-type')).to.match(/^text\/plain/);
    await first.close();
    const again = await serve(handler(), { host: '127.0.0.1', port: Number(new URL(first.url).port) });
    await again.close();
  });
});
