import { expect } from 'chai';

import type { Ingress } from '../../../src/devcluster/controllers/objects.ts';
import { findRoute, routeTable } from '../../../src/devcluster/network/ingress-rules.ts';

const backend = (name: string) => ({ service: { name, port: { number: 80 } } });

function ingress(name: string, spec: Ingress['spec'], creationTimestamp = '2026-01-01T00:00:00Z'): Ingress {
  const metadata = { name, namespace: 'default', creationTimestamp };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec };
}

/** `/path Type service` for each path. */
function rule(host: string | undefined, ...paths: string[]): NonNullable<Ingress['spec']['rules']>[number] {
  const parsed = paths.map((text) => {
    const [path = '', pathType = '', service = ''] = text.split(' ');
    return { path, pathType, backend: backend(service) };
  });
  return { ...(host !== undefined && { host }), http: { paths: parsed } };
}

const find = (ingresses: Ingress[], host: string, path: string): string | undefined =>
  findRoute(routeTable(ingresses), host, path)?.backend.service?.name;

describe('the rules of ingresses', () => {
  describe('match paths', () => {
    // The table of kubernetes.io, Services, Networking: Ingress, "Examples".
    const single: [type: string, rule: string, path: string, matches: boolean][] = [
      ['Prefix', '/', '/any/thing', true],
      ['Exact', '/foo', '/foo', true],
      ['Exact', '/foo', '/bar', false],
      ['Exact', '/foo', '/foo/', false],
      ['Exact', '/foo/', '/foo', false],
      ['Prefix', '/foo', '/foo', true],
      ['Prefix', '/foo', '/foo/', true],
      ['Prefix', '/foo/', '/foo', true],
      ['Prefix', '/foo/', '/foo/', true],
      ['Prefix', '/aaa/bb', '/aaa/bbb', false],
      ['Prefix', '/aaa/bbb', '/aaa/bbb', true],
      ['Prefix', '/aaa/bbb/', '/aaa/bbb', true],
      ['Prefix', '/aaa/bbb', '/aaa/bbb/', true],
      ['Prefix', '/aaa/bbb', '/aaa/bbb/ccc', true],
      ['Prefix', '/aaa/bbb', '/aaa/bbbxyz', false],
      ['Prefix', '/foo', '/FOO', false],
      ['ImplementationSpecific', '/foo', '/foo/bar', true],
      ['ImplementationSpecific', '/foo', '/foobar', false],
      ['ImplementationSpecific', '', '/any', true],
    ];
    for (const [type, path, asked, matches] of single) {
      it(`${type} ${path || '(none)'} ${matches ? 'takes' : 'leaves'} ${asked}`, () => {
        const found = find([ingress('a', { rules: [rule(undefined, `${path} ${type} yes`)] })], 'x', asked);
        expect(found).to.equal(matches ? 'yes' : undefined);
      });
    }

    const several = [
      '/ Prefix root',
      '/shop Prefix shop',
      '/shop/cart Prefix cart',
      '/shop Exact front',
      '/shop/cart ImplementationSpecific never',
    ];
    const winners: Record<string, string> = {
      '/': 'root',
      '/other': 'root',
      '/shop': 'front',
      '/shop/': 'shop',
      '/shop/x': 'shop',
      '/shop/cart': 'cart',
      '/shop/cart/1': 'cart',
    };
    for (const [path, service] of Object.entries(winners)) {
      it(`of several the longest, and Exact before Prefix: ${path} goes to ${service}`, () => {
        const backwards = [...several.slice(0, 4).reverse(), ...several.slice(4)];
        for (const order of [several, backwards]) {
          expect(find([ingress('a', { rules: [rule('h', ...order)] })], 'h', path)).to.equal(service);
        }
      });
    }
  });

  describe('match hosts', () => {
    const all = [
      ingress('own', { rules: [rule('shop.example.com', '/a Prefix own')] }),
      ingress('wild', { rules: [rule('*.example.com', '/ Prefix wild')] }),
      ingress('every', { rules: [rule(undefined, '/ Prefix every')] }),
    ];
    const cases: [what: string, host: string, path: string, service: string | undefined][] = [
      ['its own name', 'shop.example.com', '/a', 'own'],
      ['its own name in any case, with a port', 'Shop.Example.com:8080', '/a', 'own'],
      ['its own name, though no path matches', 'shop.example.com', '/b', undefined],
      ['a wildcard', 'blog.example.com', '/a', 'wild'],
      ['not a wildcard for two labels', 'a.blog.example.com', '/a', 'every'],
      ['not a wildcard for none', 'example.com', '/a', 'every'],
      ['any host', 'other.org', '/', 'every'],
      ['no host at all', '', '/', 'every'],
    ];
    for (const [what, host, path, service] of cases) {
      it(`by ${what}`, () => expect(find(all, host, path)).to.equal(service));
    }
  });

  describe('fall back to a default backend', () => {
    const hosted = ingress('hosted', {
      rules: [rule('h', '/a Prefix a')],
      defaultBackend: backend('hosts'),
    });
    const everything = ingress('everything', { defaultBackend: backend('everything') });

    it('of the ingress that names the host', () => {
      expect(find([hosted, everything], 'h', '/b')).to.equal('hosts');
    });
    it('of an ingress without rules for other hosts, and only of that', () => {
      expect(find([hosted, everything], 'other', '/')).to.equal('everything');
      expect(find([hosted], 'other', '/')).to.equal(undefined);
    });
    it('of an ingress without rules for hosts that have none of their own', () => {
      const bare = ingress('bare', { rules: [rule('h', '/a Prefix a')] });
      expect(find([bare, everything], 'h', '/b')).to.equal('everything');
    });
    it('for a host without paths', () => {
      const rules = [{ host: 'h' }];
      expect(find([ingress('a', { rules, defaultBackend: backend('d') })], 'h', '/')).to.equal('d');
    });
  });

  it('give a path that two ingresses want to the older, whatever their order', () => {
    const old = ingress('z', { rules: [rule('h', '/ Prefix old')] }, '2025-01-01T00:00:00Z');
    const young = ingress('a', { rules: [rule('h', '/ Prefix young')] }, '2026-01-01T00:00:00Z');
    expect(find([young, old], 'h', '/')).to.equal('old');
    expect(find([old, young], 'h', '/')).to.equal('old');
  });

  it('name the ingress and the namespace of a route', () => {
    const route = findRoute(routeTable([ingress('a', { defaultBackend: backend('b') })]), 'h', '/');
    expect(route).to.include({ ingress: 'default/a', namespace: 'default' });
  });
});
