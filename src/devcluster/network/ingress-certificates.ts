import { createSecureContext } from 'node:tls';
import type { SecureContext, SecureContextOptions } from 'node:tls';

import { errorMessage } from '../../lib/errors.ts';
import type { ClusterApi, KubeObject } from '../cluster-api.ts';
import type { Ingress } from '../controllers/objects.ts';
import { key } from '../controllers/metadata.ts';

interface Certificate {
  /** Empty: for every host. */
  readonly hosts: readonly string[];
  readonly pem: SecureContextOptions;
  readonly context: SecureContext;
}

export interface IngressCertificates {
  /** For the name that a client asks for: that of the ingress that names it, else the first; undefined without any. */
  contextFor(host: string): SecureContext | undefined;
  stop(): void;
}

/**
 * The certificates of all ingresses: `spec.tls` names the Secret, whose `tls.crt` and `tls.key` hold PEM.
 * @param changed told the first certificate, for clients that ask for no name
 */
export function watchIngressCertificates(
  api: ClusterApi,
  log: (line: string) => void,
  changed: (first: SecureContextOptions) => void,
): IngressCertificates {
  let certificates: Certificate[] = [];
  const read = (): void => {
    certificates = (api.list('ingresses.networking.k8s.io') as Ingress[]).flatMap((ingress) =>
      (ingress.spec.tls ?? []).flatMap(({ hosts = [], secretName = '' }) => {
        const secret = api.get('secrets', ingress.metadata.namespace, secretName);
        if (secret === undefined) return [];
        try {
          const pem = pemOf(secret);
          return [{ hosts, pem, context: createSecureContext(pem) }];
        } catch (error) {
          log(`network: ingress ${key(ingress)}: secret ${secretName}: ${errorMessage(error)}`);
          return [];
        }
      }),
    );
    const [first] = certificates;
    if (first !== undefined) changed(first.pem);
  };
  const watches = ['secrets', 'ingresses.networking.k8s.io'].map((resource) => api.watch(resource, read));
  return {
    contextFor: (host) =>
      (
        certificates.find(({ hosts }) => hosts.some((name) => covers(name, host))) ??
        certificates.find(({ hosts }) => hosts.length === 0) ??
        certificates[0]
      )?.context,
    stop: () => watches.forEach((watch) => watch.stop()),
  };
}

/** @throws Error when a part is missing */
function pemOf({ data }: KubeObject): SecureContextOptions {
  const [cert, key] = ['tls.crt', 'tls.key'].map((name) => {
    const text = (data as Record<string, string> | undefined)?.[name];
    if (text === undefined) throw new Error(`it has no ${name}`);
    return Buffer.from(text, 'base64');
  });
  return { ...(cert && { cert }), ...(key && { key }) };
}

/** `*.` stands for one label, as in a certificate. */
function covers(name: string, host: string): boolean {
  return name === host || (name.startsWith('*.') && host.replace(/^[^.]+/, '*') === name);
}
