import { stringify } from 'yaml';

/** Of the cluster, its user and its context. */
export const kubeconfigName = 'plimsoll-dev';

export interface KubeconfigOptions {
  /** `http://127.0.0.1:6443` or `https://...`. */
  readonly server: string;
  /** PEM text of the certificate that the server's is checked against; without one an https server is not checked. */
  readonly ca?: string;
  /** Name of cluster, user and context. Default `plimsoll-dev`. */
  readonly name?: string;
  /** Namespace of the context. Default `default`. */
  readonly namespace?: string;
}

/**
 * A kubeconfig for kubectl and client-node.
 * @returns YAML
 */
export function renderKubeconfig(options: KubeconfigOptions): string {
  const { server, ca, name = kubeconfigName, namespace = 'default' } = options;
  // client-node refuses plain HTTP unless TLS verification is off; kubectl does not care.
  const trust =
    ca === undefined
      ? { 'insecure-skip-tls-verify': true }
      : { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, ...trust } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    'current-context': name,
    preferences: {},
  });
}
