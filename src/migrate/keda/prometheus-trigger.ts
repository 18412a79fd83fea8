import { createHash } from 'node:crypto';
import { activationOf, targetOf } from './signal.ts';
import { credentials, type TriggerContext } from './trigger-context.ts';
import type { FieldPath } from '../remarks.ts';
import type { MetricSpec } from '../../api/generated/custom-autoscaler.ts';

const maxNameLength = 63;

/** Of what a trigger may have, what the operator is told once for a server. */
const ofTheServer: Readonly<Record<string, string>> = {
  authModes: credentials,
  unsafeSsl: 'name the certificate authority instead: --prometheus-ca NAME=FILE',
  customHeaders: 'the operator sends no headers of yours',
  queryParameters: 'the operator sends the query alone',
  namespace: 'the operator sends the query alone: name the namespace in the query',
  metricName: 'only a name: the query identifies the metric',
};

/** @param at where the metric will stand in the result */
export function prometheusMetric(context: TriggerContext, at: FieldPath): MetricSpec | undefined {
  const query = context.need('query', 'must be a query')?.trim();
  const target = targetOf(context, 'threshold');
  const server = serverOf(context, [...at, 'prometheus', 'server']);
  const activation = activationOf(context, 'activationThreshold', [...at, 'activation']);
  if (context.take('ignoreNullValues') !== 'false')
    context.remarks.changed(
      context.path('query'),
      'an empty answer is an error here (the count is held, see onError), not a 0; if it means 0, end the query in "or vector(0)"',
      [...at, 'prometheus', 'query'],
    );
  context.nameRest(ofTheServer);
  if (query === undefined || target === undefined) return undefined;
  return {
    type: 'Prometheus',
    prometheus: { ...(server === undefined ? {} : { server }), query, target },
    ...activation,
  };
}

/** Servers are named in a spec, and known to the operator: the name is made of the address, the same for the same address. */
function serverOf(context: TriggerContext, at: FieldPath): string | undefined {
  const address = context.need('serverAddress', 'must be the URL of a server') ?? '';
  const name = serverName(address);
  context.remarks.changed(
    context.path('serverAddress'),
    `the operator knows servers by name: start it with --prometheus ${name ?? 'default'}=${address}`,
    at,
  );
  return name;
}

/** `prometheus.monitoring` of `http://prometheus.monitoring.svc:9090`; undefined where the address is none, as in a template. */
function serverName(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { hostname, pathname } = new URL(address);
  const host = hostname.replace(/\.svc(\.cluster\.local)?\.?$/, '');
  const words = `${host}${pathname}`.replace(/[^A-Za-z0-9_.]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  const name = words.replace(/[^A-Za-z0-9]+$/, '');
  return name === '' ? undefined : shortened(name, address);
}

/** A long name ends in a few characters that no other address has. */
function shortened(name: string, address: string): string {
  if (name.length <= maxNameLength) return name;
  const mark = createHash('sha256').update(address).digest('hex').slice(0, 6);
  return `${name.slice(0, maxNameLength - mark.length - 1)}-${mark}`;
}
