import { expect } from 'chai';
import { request } from 'node:http';
import { refuseForeign } from '../../../src/devcluster/apiserver/local-only.ts';
import { startApiServer } from '../../../src/devcluster/apiserver/server.ts';

describe('the API of the dev cluster', () => {
  for (const host of [
    '127.0.0.1:6443',
    '127.96.0.1',
    'localhost:1',
    'api.localhost',
    '[::1]:6443',
    undefined,
  ]) {
    it(`takes requests to ${host ?? 'no host'}`, () => {
      expect(refuseForeign({ host })).to.equal(undefined);
    });
  }

  const foreign: Record<string, Record<string, string>> = {
    'a web page': { host: '127.0.0.1:6443', origin: 'http://evil.example' },
    'a page without an origin to speak of': { host: '127.0.0.1:6443', origin: 'null' },
    'a name that was made to resolve to this machine': { host: 'evil.example:6443' },
    'a name that only begins like this machine': { host: '127.0.0.1.evil.example' },
    'an address of another machine': { host: '10.0.0.1:6443' },
  };
  for (const [whose, headers] of Object.entries(foreign)) {
    it(`refuses requests of ${whose}`, async () => {
      const server = await startApiServer({ host: '127.0.0.1', port: 0 });
      try {
        const status = await new Promise<number | undefined>((resolve, reject) => {
          const path = '/api/v1/namespaces/default/pods';
          const call = request({ host: '127.0.0.1', port: server.port, path, method: 'POST', headers });
          call.on('response', (response) => resolve(response.resume().statusCode));
          call.on('error', reject);
          call.end(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } }));
        });
        expect(status).to.equal(403);
        expect(server.cluster.list('pods')).to.deep.equal([]);
      } finally {
        await server.close();
      }
    });
  }
});
