import { join } from 'node:path';

/** Flags of one program, by name. */
export type Flags = Readonly<Record<string, string | number | boolean>>;

/** Where everything of one control plane is. */
export interface Layout {
  readonly folder: string;
  readonly etcdPort: number;
  readonly peerPort: number;
  readonly apiPort: number;
}

export const layoutFiles = {
  tokens: 'tokens.csv',
  privateKey: 'service-accounts.key',
  publicKey: 'service-accounts.pub',
  auditPolicy: 'audit-policy.json',
  auditLog: 'audit.log',
  kubeconfig: 'kubeconfig',
  /** Made by the API server itself; holds its certificate and the one that signed it. */
  certificate: 'certs/apiserver.crt',
} as const;

export function etcdFlags({ folder, etcdPort, peerPort }: Layout): Flags {
  const client = `http://127.0.0.1:${etcdPort}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  return {
    name: 'default',
    'data-dir': join(folder, 'etcd'),
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    // The data is thrown away: nothing need outlive a loss of power.
    'unsafe-no-fsync': true,
    'log-level': 'warn',
  };
}

/**
 * Without the admission plugin ServiceAccount, pods need no service account of their namespace, which a controller that does not
 * run here would make. Requests of service accounts are written down: what a role under test may not do shows there.
 */
export function apiServerFlags({ folder, etcdPort, apiPort }: Layout, featureGates: string): Flags {
  const at = (name: keyof typeof layoutFiles): string => join(folder, layoutFiles[name]);
  return {
    'etcd-servers': `http://127.0.0.1:${etcdPort}`,
    'bind-address': '127.0.0.1',
    'secure-port': apiPort,
    'cert-dir': join(folder, 'certs'),
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': at('publicKey'),
    'service-account-signing-key-file': at('privateKey'),
    'token-auth-file': at('tokens'),
    'authorization-mode': 'RBAC',
    'service-cluster-ip-range': '10.96.0.0/16',
    'disable-admission-plugins': 'ServiceAccount',
    'max-requests-inflight': 2000,
    'max-mutating-requests-inflight': 1000,
    'audit-policy-file': at('auditPolicy'),
    'audit-log-path': at('auditLog'),
    ...(featureGates !== '' && { 'feature-gates': featureGates }),
  };
}

/** Those that the tests need, and none that would clear away pods of a node that is not registered. */
const controllers = [
  'deployment-controller',
  'replicaset-controller',
  'statefulset-controller',
  'endpointslice-controller',
  'namespace-controller',
  'garbage-collector-controller',
  'horizontal-pod-autoscaler-controller',
  // Fills in the operator's rights on kinds of scale targets that an administrator adds.
  'clusterrole-aggregation-controller',
];

export function controllerManagerFlags({ folder }: Layout, featureGates: string): Flags {
  return {
    kubeconfig: join(folder, layoutFiles.kubeconfig),
    controllers: controllers.join(','),
    'leader-elect': false,
    'secure-port': 0,
    // So that many autoscalers, each decided every second, do not wait for one another.
    'concurrent-horizontal-pod-autoscaler-syncs': 50,
    'kube-api-qps': 1000,
    'kube-api-burst': 2000,
    ...(featureGates !== '' && { 'feature-gates': featureGates }),
  };
}

/** As command lines have them. */
export function flagArgs(flags: Flags): string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}
