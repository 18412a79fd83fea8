import { expect } from 'chai';
import { healthHandler } from '../../src/operator/health.ts';

const handler = (failure?: string) =>
  healthHandler({
    live: { heartbeat: () => undefined },
    ready: { pods: () => failure, customautoscalers: () => undefined },
    metrics: () => Promise.resolve('plimsoll_up 1\n'),
    decisions: ({ url }) => Promise.resolve(new Response(`decisions: ${new URL(url).pathname}\n`)),
  });

describe('healthHandler', () => {
  const rows: Record<string, { path: string; failure?: string; status: number; text: string }> = {
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
      text: 'not found: /healthz, /readyz, /metrics and /decisions/NAMESPACE/NAME are served\n',
    },
    'hands questions for decisions on': {
      path: '/decisions/shop/web?last=2',
      status: 200,
      text: 'decisions: /decisions/shop/web\n',
    },
  };
  for (const [title, { path, failure, status, text }] of Object.entries(rows)) {
    it(title, async () => {
      const response = await handler(failure)(new Request(`http://operator${path}`));
      expect({ status: response.status, text: await response.text() }).to.deep.equal({ status, text });
    });
  }
});
