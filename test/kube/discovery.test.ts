import { expect } from 'chai';
import { Discovery, groupOf, resourcePath } from '../../src/kube/discovery.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { clientOf, pageNotFound, sendJson, startLocalApi } from '../support/local-api.ts';
import type { LocalApi } from '../support/local-api.ts';
import type { KubeClient } from '../../src/kube/client.ts';

const resource = (name: string, kind: string, namespaced = true) => ({ name, kind, namespaced });

/** Answers by path; what is not here is not served. */
const served: Record<string, object> = {
  '/api/v1': {
    resources: [
      resource('pods', 'Pod'),
      resource('pods/status', 'Pod'),
      resource('namespaces', 'Namespace', false),
    ],
  },
  '/apis/shop.example': {
    versions: [{ version: 'v2beta1' }, { version: 'v1' }],
    preferredVersion: { version: 'v1' },
  },
  '/apis/shop.example/v1': { resources: [resource('carts', 'Cart'), resource('carts/scale', 'Scale')] },
  '/apis/shop.example/v2beta1': { resources: [resource('carts', 'Cart')] },
};

describe('Discovery', () => {
  let api: LocalApi;
  let client: KubeClient;
  let clock: FakeClock;
  let discovery: Discovery;
  const answers = new Map<string, object>();
  const failing = new Set<string>();

  beforeEach(async () => {
    answers.clear();
    for (const [path, body] of Object.entries(served)) answers.set(path, body);
    failing.clear();
    api = await startLocalApi(({ path }, response) =>
      failing.has(path) ? sendJson(response, 501, {}) : (answers.get(path) ?? pageNotFound(response)),
    );
    client = clientOf(api.url);
    clock = new FakeClock();
    discovery = new Discovery({ client, clock });
  });
  afterEach(async () => {
    await client.close();
    await api.close();
  });

  it('finds a kind of the core group', async () => {
    expect(await discovery.resources('', 'Namespace')).to.deep.equal([
      { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false },
    ]);
  });

  it('finds every served version of a custom kind, the preferred one first', async () => {
    const found = await discovery.resources('shop.example', 'Cart');
    expect(found.map(({ version, plural }) => `${plural}.${version}`)).to.deep.equal([
      'carts.v1',
      'carts.v2beta1',
    ]);
  });

  it('finds nothing in a group that is not served, and for a kind that a group lacks', async () => {
    expect(await discovery.resources('nobody.example', 'Cart')).to.deep.equal([]);
    expect(await discovery.resources('shop.example', 'Basket')).to.deep.equal([]);
  });

  it('asks once however many ask, and remembers', async () => {
    await Promise.all([1, 2, 3].map(() => discovery.resources('', 'Pod')));
    await discovery.resources('', 'Namespace');
    expect(api.requests.filter(({ path }) => path === '/api/v1').length).to.equal(1);
  });

  it('looks again after a while for a kind that was not there', async () => {
    expect(await discovery.resources('late.example', 'Cart')).to.deep.equal([]);
    answers.set('/apis/late.example', { versions: [{ version: 'v1' }] });
    answers.set('/apis/late.example/v1', { resources: [resource('carts', 'Cart')] });
    expect(await discovery.resources('late.example', 'Cart')).to.deep.equal([]);
    clock.advance(10_001);
    expect(await discovery.resources('late.example', 'Cart')).to.have.length(1);
  });

  it('reads again what it has known for long', async () => {
    await discovery.resources('shop.example', 'Cart');
    answers.delete('/apis/shop.example');
    clock.advance(600_001);
    expect(await discovery.resources('shop.example', 'Cart')).to.deep.equal([]);
  });

  it('asks once for the versions of a group however many ask, and remembers them', async () => {
    const asked = await Promise.all([1, 2, 3].map(() => discovery.versions('shop.example')));
    expect(asked[0]).to.deep.equal(['v1', 'v2beta1']);
    await discovery.versions('shop.example');
    expect(api.requests).to.have.length(1);
  });

  it('finds a kind that was added to a group that it knows', async () => {
    expect(await discovery.resources('shop.example', 'Basket')).to.deep.equal([]);
    answers.set('/apis/shop.example/v1', { resources: [resource('baskets', 'Basket')] });
    clock.advance(10_001);
    expect(await discovery.resources('shop.example', 'Basket')).to.have.length(1);
  });

  it('finds a kind in the versions that answer, and the others when they answer', async () => {
    failing.add('/apis/shop.example/v1');
    const versions = async () =>
      (await discovery.resources('shop.example', 'Cart')).map(({ version }) => version);
    expect(await versions()).to.deep.equal(['v2beta1']);
    failing.clear();
    expect(await versions()).to.deep.equal(['v2beta1']);
    clock.advance(10_001);
    expect(await versions()).to.deep.equal(['v1', 'v2beta1']);
  });

  it('says why rather than that a kind is not served when the version that may have it does not answer', async () => {
    failing.add('/apis/shop.example/v1');
    const error: unknown = await discovery
      .resources('shop.example', 'Basket')
      .catch((thrown: unknown) => thrown);
    expect(error).to.have.property('type', 'ServerError');
  });

  it('is spoilt by no other group', async () => {
    failing.add('/apis/shop.example');
    const failed: unknown = await discovery
      .resources('shop.example', 'Cart')
      .catch((thrown: unknown) => thrown);
    expect(failed).to.have.property('type', 'ServerError');
    expect(await discovery.resources('', 'Pod')).to.have.length(1);
  });

  it('uses what it knows while it cannot be read again, and asks for it every while', async () => {
    await discovery.resources('shop.example', 'Cart');
    failing.add('/apis/shop.example');
    clock.advance(600_001);
    expect(await discovery.resources('shop.example', 'Cart')).to.have.length(2);
    const asked = api.requests.length;
    await discovery.resources('shop.example', 'Cart');
    expect(api.requests).to.have.length(asked);
    failing.clear();
    answers.delete('/apis/shop.example');
    clock.advance(10_001);
    expect(await discovery.resources('shop.example', 'Cart')).to.deep.equal([]);
  });

  it('does not remember a failure', async () => {
    await api.close();
    const failed = await discovery.resources('', 'Pod').catch((error: unknown) => (error as Error).name);
    expect(failed).to.equal('KubeError');
    api = await startLocalApi(({ path }, response) => answers.get(path) ?? pageNotFound(response), api.port);
    expect(await discovery.resources('', 'Pod')).to.have.length(1);
  });
});

describe('resourcePath', () => {
  const paths: Record<
    string,
    { group: string; plural: string; namespaced: boolean; namespace?: string; name?: string; path: string }
  > = {
    'an object of the core group': {
      group: '',
      plural: 'pods',
      namespaced: true,
      namespace: 'a',
      name: 'b',
      path: '/api/v1/namespaces/a/pods/b',
    },
    'all of a namespace': {
      group: 'apps',
      plural: 'deployments',
      namespaced: true,
      namespace: 'a',
      path: '/apis/apps/v1/namespaces/a/deployments',
    },
    'all of a cluster': {
      group: 'apps',
      plural: 'deployments',
      namespaced: true,
      path: '/apis/apps/v1/deployments',
    },
    'a cluster-scoped object': {
      group: '',
      plural: 'nodes',
      namespaced: false,
      namespace: 'a',
      name: 'n',
      path: '/api/v1/nodes/n',
    },
    'a name that would leave its place': {
      group: '',
      plural: 'pods',
      namespaced: true,
      namespace: 'a',
      name: '../b',
      path: '/api/v1/namespaces/a/pods/..%2Fb',
    },
  };
  for (const [title, { namespace, name, path, ...served }] of Object.entries(paths)) {
    it(`names ${title}`, () => {
      expect(resourcePath({ version: 'v1', ...served }, namespace, name)).to.equal(path);
    });
  }
});

describe('groupOf', () => {
  const groups: Record<string, string | undefined> = {
    v1: '',
    'apps/v1': 'apps',
    'a.b/v2': 'a.b',
    'a/b/c': undefined,
  };
  for (const [apiVersion, group] of Object.entries(groups)) {
    it(`reads ${apiVersion} as ${group ?? 'no group'}`, () => {
      expect(groupOf(apiVersion)).to.equal(group);
    });
  }
});
