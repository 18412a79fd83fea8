import type { ClusterApi } from '../cluster-api.ts';
import type { Container, EnvVar, Pod } from '../controllers/objects.ts';

export interface PodPlace {
  readonly podIP: string;
  readonly hostIP: string;
  /** Container port -> real port, where that is another: pods share an address, or the port is privileged. */
  readonly ports: Readonly<Record<string, number>>;
}

export interface EnvironmentInputs {
  readonly pod: Pod;
  readonly container: Container;
  readonly place: PodPlace;
  readonly api: Pick<ClusterApi, 'get'>;
  /** The environment of this process, of which little is handed on. */
  readonly parent: Readonly<Record<string, string | undefined>>;
  /** What the network adds, so that names of services resolve. A container's own `NODE_OPTIONS` follow the network's. */
  readonly network?: Readonly<Record<string, string>>;
}

/** What a container gets of this process's environment; nothing else, since there may be secrets in it. */
const inherited = ['PATH', 'HOME', 'NODE_V8_COVERAGE'];

/** The port that a container port really is. */
export function realPort(port: number, place: PodPlace): number {
  return place.ports[String(port)] ?? port;
}

/**
 * A container's environment: what Kubernetes gives it, and `POD_IP` and `PORT` to listen on, since here pods share one
 * network. Where the container's port is not to be had, `PORT` is another and cannot be overridden.
 * @throws Error naming the config map or field that is missing, for CreateContainerConfigError
 */
export function environmentOf(inputs: EnvironmentInputs): Record<string, string> {
  const { pod, container, place, parent } = inputs;
  const result: Record<string, string> = {};
  for (const name of inherited) if (parent[name] !== undefined) result[name] = parent[name];
  result.HOSTNAME = pod.metadata.name;
  result.POD_IP = place.podIP;
  const firstPort = container.ports?.[0]?.containerPort;
  const port = firstPort === undefined ? undefined : String(realPort(firstPort, place));
  if (port !== undefined) result.PORT = port;
  Object.assign(result, fromConfigMaps(inputs));
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, inputs, result);
    if (value !== undefined) result[variable.name] = value;
  }
  if (port !== undefined && firstPort !== Number(port)) result.PORT = port;
  for (const [name, value] of Object.entries(inputs.network ?? {})) {
    result[name] = [value, result[name]].filter((part) => part !== undefined).join(' ');
  }
  return result;
}

/** Replaces `$(NAME)` by the variable; `$$` is a dollar; unknown names stay, as in Kubernetes. */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([^()]*)\)/g, (match, name: string | undefined) =>
    name === undefined ? '$' : (variables[name] ?? match),
  );
}

function fromConfigMaps({ pod, container, api }: EnvironmentInputs): Record<string, string> {
  const entries = (container.envFrom ?? []).flatMap(({ prefix = '', configMapRef }) => {
    if (configMapRef === undefined)
      throw new Error('envFrom: only configMapRef is supported by this dev cluster');
    const data = configMap(api, pod, configMapRef.name, configMapRef.optional) ?? {};
    return Object.entries(data).map(([name, value]) => [`${prefix}${name}`, value] as const);
  });
  return Object.fromEntries(entries);
}

function configMap(
  api: EnvironmentInputs['api'],
  pod: Pod,
  name: string,
  optional: boolean | undefined,
): Record<string, string> | undefined {
  const found = api.get('configmaps', pod.metadata.namespace, name);
  if (found === undefined && optional !== true) throw new Error(`configmap "${name}" not found`);
  return found?.data as Record<string, string> | undefined;
}

function valueOf(
  { name, value = '', valueFrom }: EnvVar,
  inputs: EnvironmentInputs,
  earlier: Readonly<Record<string, string>>,
): string | undefined {
  if (valueFrom === undefined) return expand(value, earlier);
  if (valueFrom.fieldRef) return fieldOf(valueFrom.fieldRef.fieldPath, inputs);
  const { configMapKeyRef: ref } = valueFrom;
  if (!ref)
    throw new Error(`env ${name}: only fieldRef and configMapKeyRef are supported by this dev cluster`);
  const found = configMap(inputs.api, inputs.pod, ref.name, ref.optional)?.[ref.key];
  if (found === undefined && ref.optional !== true)
    throw new Error(`couldn't find key ${ref.key} in ConfigMap ${ref.name}`);
  return found;
}

const fields: Readonly<Record<string, (inputs: EnvironmentInputs) => string>> = {
  'metadata.name': ({ pod }) => pod.metadata.name,
  'metadata.namespace': ({ pod }) => pod.metadata.namespace ?? '',
  'metadata.uid': ({ pod }) => pod.metadata.uid ?? '',
  'spec.nodeName': ({ pod }) => pod.spec.nodeName ?? '',
  'spec.serviceAccountName': ({ pod }) => pod.spec.serviceAccountName ?? '',
  'status.podIP': ({ place }) => place.podIP,
  'status.podIPs': ({ place }) => place.podIP,
  'status.hostIP': ({ place }) => place.hostIP,
  'status.hostIPs': ({ place }) => place.hostIP,
};

function fieldOf(path: string, inputs: EnvironmentInputs): string {
  const [, map, key] = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? [];
  if (key !== undefined) return inputs.pod.metadata[map === 'labels' ? 'labels' : 'annotations']?.[key] ?? '';
  const read = fields[path];
  if (!read)
    throw new Error(`fieldRef ${path} is not supported; it is one of ${Object.keys(fields).join(', ')}`);
  return read(inputs);
}
