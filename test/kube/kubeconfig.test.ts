import { delimiter } from 'node:path';
import { expect } from 'chai';
import { loadKubeConfig } from '../../src/kube/kubeconfig.ts';
import { UserError } from '../../src/lib/errors.ts';
import { kubeconfigText, temporaryFile } from '../support/local-api.ts';

const good = JSON.parse(kubeconfigText('https://127.0.0.1:6443')) as Record<string, unknown>;
const file = (content: unknown): string =>
  temporaryFile('kubeconfig', typeof content === 'string' ? content : JSON.stringify(content));

describe('loadKubeConfig', () => {
  it('reads a file and takes its current context', () => {
    const config = loadKubeConfig({ kubeconfig: file(good) });
    expect(config.getCurrentCluster()?.server).to.equal('https://127.0.0.1:6443');
  });

  it('takes the context that is asked for', () => {
    const contexts = [
      ...(good.contexts as object[]),
      { name: 'there', context: { cluster: 'local', user: 'me' } },
    ];
    const config = loadKubeConfig({ kubeconfig: file({ ...good, contexts }), context: 'there' });
    expect(config.getCurrentContext()).to.equal('there');
  });

  it('lets plain HTTP pass without a flag about certificates', () => {
    const config = loadKubeConfig({ kubeconfig: file(kubeconfigText('http://127.0.0.1:8001')) });
    expect(config.getCurrentCluster()).to.include({ server: 'http://127.0.0.1:8001', skipTLSVerify: true });
  });

  const mistakes: Record<string, { content?: unknown; context?: string; says: RegExp }> = {
    'a file that does not exist': {
      says: /^kubeconfig \/nowhere\/config does not exist; name a file with --kubeconfig, or/,
    },
    'a file that is not YAML': { content: 'a: [', says: /^kubeconfig .* cannot be read: / },
    'a file that holds something else': {
      content: 'just text',
      says: /^kubeconfig .* (cannot be read|has no current context)/,
    },
    'a file without a current context': {
      content: { ...good, 'current-context': '' },
      says: /has no current context; its contexts are: here; choose one with `kubectl config use-context`/,
    },
    'a context that is not there': {
      content: good,
      context: 'prod',
      says: /has no context "prod"; its contexts are: here$/,
    },
    'a context without a cluster': {
      content: { ...good, clusters: [] },
      says: /context "here" has no server address/,
    },
  };
  for (const [title, { content, context, says }] of Object.entries(mistakes)) {
    it(`refuses ${title} in one line that says what to do`, () => {
      const kubeconfig = content === undefined ? '/nowhere/config' : file(content);
      const load = (): unknown =>
        loadKubeConfig({ kubeconfig, ...(context === undefined ? {} : { context }) });
      expect(load).to.throw(UserError, says);
      expect(load).to.throw(/^[^\n]*$/);
    });
  }

  describe('of several files in KUBECONFIG', () => {
    const before = process.env.KUBECONFIG;
    afterEach(() => {
      if (before === undefined) delete process.env.KUBECONFIG;
      else process.env.KUBECONFIG = before;
    });
    const load = (...files: readonly string[]) => {
      process.env.KUBECONFIG = files.join(delimiter);
      return loadKubeConfig();
    };

    it('skips those that are missing', () => {
      const config = load('/nowhere/first', file(good), '/nowhere/last');
      expect(config.getCurrentCluster()?.server).to.equal('https://127.0.0.1:6443');
    });

    it('joins those that are there', () => {
      const clusters = file({ ...good, users: [], contexts: [], 'current-context': undefined });
      const rest = file({ ...good, clusters: [] });
      expect(load(clusters, rest).getCurrentCluster()?.server).to.equal('https://127.0.0.1:6443');
    });

    it('refuses when all are missing', () => {
      expect(() => load('/nowhere/first', '/nowhere/last')).to.throw(
        UserError,
        /^kubeconfig \/nowhere\/first:\/nowhere\/last do not exist; name a file with --kubeconfig, or/,
      );
    });
  });
});
