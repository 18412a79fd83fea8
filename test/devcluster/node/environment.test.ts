import { expect } from 'chai';

import type { Container, Pod } from '../../../src/devcluster/controllers/objects.ts';
import { environmentOf, expand } from '../../../src/devcluster/node/environment.ts';

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'web-1',
    namespace: 'shop',
    uid: 'u1',
    labels: { app: 'web' },
    annotations: { 'a/b': 'note' },
  },
  spec: { nodeName: 'plimsoll-dev', containers: [] },
};
const place = { podIP: '127.64.0.7', hostIP: '127.0.0.1', ports: {} };
const configMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data: { mode: 'fast' },
};
const api = {
  get: (_resource: string, _namespace: string | undefined, name: string) =>
    name === 'settings' ? configMap : undefined,
};

function environment(
  container: Partial<Container>,
  given: { ports?: Record<string, number>; parent?: Record<string, string> } = {},
) {
  const { ports = {}, parent = {} } = given;
  return environmentOf({
    pod,
    container: { name: 'c', ...container },
    place: { ...place, ports },
    api,
    parent,
  });
}

describe('the environment of a container', () => {
  it('holds where to listen', () => {
    const env = environment({ ports: [{ containerPort: 8080 }, { containerPort: 9090 }] });
    expect(env).to.deep.equal({ HOSTNAME: 'web-1', POD_IP: '127.64.0.7', PORT: '8080' });
  });

  it('holds PATH and HOME of this process and nothing else of it', () => {
    const env = environment({}, { parent: { PATH: '/bin', HOME: '/root', TOKEN: 'secret' } });
    expect(env).to.include({ PATH: '/bin', HOME: '/root' }).and.not.to.have.property('TOKEN');
  });

  const values: Record<string, { variable: object; value: string | undefined }> = {
    'a plain value': { variable: { value: 'x' }, value: 'x' },
    'no value': { variable: {}, value: '' },
    'an earlier variable': { variable: { value: 'http://$(POD_IP)/' }, value: 'http://127.64.0.7/' },
    "the pod's name": {
      variable: { valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      value: 'web-1',
    },
    "the pod's namespace": {
      variable: { valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
      value: 'shop',
    },
    "the pod's address": {
      variable: { valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      value: '127.64.0.7',
    },
    'a label': {
      variable: { valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
      value: 'web',
    },
    'an annotation': {
      variable: { valueFrom: { fieldRef: { fieldPath: "metadata.annotations['a/b']" } } },
      value: 'note',
    },
    'the node': {
      variable: { valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      value: 'plimsoll-dev',
    },
    'a key of a config map': {
      variable: { valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } },
      value: 'fast',
    },
    'nothing for an optional key that is missing': {
      variable: { valueFrom: { configMapKeyRef: { name: 'none', key: 'mode', optional: true } } },
      value: undefined,
    },
  };
  for (const [name, { variable, value }] of Object.entries(values)) {
    it(`may name ${name}`, () => {
      expect(environment({ env: [{ name: 'X', ...variable }] }).X).to.equal(value);
    });
  }

  it('takes all of a config map, and lets env override it', () => {
    const env = environment({
      envFrom: [{ prefix: 'S_', configMapRef: { name: 'settings' } }],
      env: [{ name: 'Y', value: '$(S_mode)' }],
    });
    expect(env).to.include({ S_mode: 'fast', Y: 'fast' });
  });

  const refused: Record<string, { variable: object; message: string }> = {
    'a config map that is missing': {
      variable: { valueFrom: { configMapKeyRef: { name: 'none', key: 'k' } } },
      message: 'configmap "none" not found',
    },
    'a key that is missing': {
      variable: { valueFrom: { configMapKeyRef: { name: 'settings', key: 'k' } } },
      message: "couldn't find key k in ConfigMap settings",
    },
    'a secret': {
      variable: { valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      message: 'env X: only fieldRef and configMapKeyRef',
    },
    'an unknown field': {
      variable: { valueFrom: { fieldRef: { fieldPath: 'spec.x' } } },
      message: 'fieldRef spec.x is not supported',
    },
  };
  for (const [name, { variable, message }] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      expect(() => environment({ env: [{ name: 'X', ...variable }] })).to.throw(message);
    });
  }

  it('gives the real port where pods share an address, whatever the container says', () => {
    const env = environment(
      { ports: [{ containerPort: 8080 }], env: [{ name: 'PORT', value: '8080' }] },
      { ports: { 8080: 43123 } },
    );
    expect(env.PORT).to.equal('43123');
  });

  it('lets a container set PORT where it has an address of its own', () => {
    const env = environment({ ports: [{ containerPort: 8080 }], env: [{ name: 'PORT', value: '9000' }] });
    expect(env.PORT).to.equal('9000');
  });
});

describe('expanding $(NAME)', () => {
  const rows: Record<string, [string, string]> = {
    'replaces what is known': ['a $(X) b', 'a 1 b'],
    'keeps what is unknown': ['$(Y)', '$(Y)'],
    'reads $$ as a dollar': ['$$(X)', '$(X)'],
    'keeps a lone dollar': ['$X', '$X'],
  };
  for (const [name, [text, expanded]] of Object.entries(rows)) {
    it(name, () => {
      expect(expand(text, { X: '1' })).to.equal(expanded);
    });
  }
});
