/** What the hook knows of a service, in the file of names under `NAMESPACE/NAME`. */
export interface NamedService {
  /** What its name resolves to: a loopback address, also where none could be had, since connections to it are led on. */
  readonly ip: string;
  readonly clusterIP: string;
  /** The service's port -> where that really listens. */
  readonly ports: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
}

export type Names = Readonly<Record<string, NamedService>>;

export interface HookSettings {
  /** JSON of Names; read again at each look-up, as it changes. */
  readonly file: string;
  /** Of the pod. */
  readonly namespace: string;
  /** The pod's own address, from which its connections come; absent where pods share one. */
  readonly podIP?: string;
}

/**
 * The source of a module that gives a Node program the names of services, as DNS and kube-proxy do in a cluster. Plain
 * JavaScript that imports only what Node brings, so that any Node takes it with `--import`, whatever its version.
 */
export function nameHookUrl(settings: HookSettings): string {
  const imports = ['dns', 'fs', 'net'].map((name) => `import ${name} from 'node:${name}';`).join('');
  const sync = "import { syncBuiltinESMExports } from 'node:module';";
  const call = `(${installNames.toString()})(${JSON.stringify(settings)}, dns, fs, net);syncBuiltinESMExports();`;
  return `data:text/javascript,${encodeURIComponent(imports + sync + call)}`;
}

type Lookup = (host: string, ...rest: unknown[]) => unknown;

/**
 * Runs in the pod's program, alone: it may use nothing of this file but types. Names go to the service's address in
 * `dns.lookup`; connections to a name or to that address go to where the port really listens.
 */
function installNames(
  settings: HookSettings,
  dns: { lookup: unknown; promises: { lookup: unknown } },
  fs: { readFileSync(file: string, encoding: 'utf8'): string },
  net: { Socket: { prototype: { connect: unknown } } },
): void {
  const read = (): Names => {
    try {
      return JSON.parse(fs.readFileSync(settings.file, 'utf8')) as Names;
    } catch {
      return {}; // The cluster is closing: no name is known any more.
    }
  };
  const find = (host: unknown): NamedService | undefined => {
    if (typeof host !== 'string') return undefined;
    const [name = '', namespace = settings.namespace, ...rest] = host.toLowerCase().split('.');
    const isService = ['', 'svc', 'svc.cluster.local', 'svc.cluster.local.'].includes(rest.join('.'));
    const names = read();
    if (isService && Object.hasOwn(names, `${namespace}/${name}`)) return names[`${namespace}/${name}`];
    return Object.values(names).find(({ ip, clusterIP }) => ip === host || clusterIP === host);
  };
  const isName = (host: string, found: NamedService | undefined): found is NamedService =>
    found !== undefined && found.ip !== host && found.clusterIP !== host;

  const lookup = dns.lookup as Lookup;
  dns.lookup = (host: string, ...rest: unknown[]) => {
    const found = find(host);
    if (!isName(host, found)) return lookup(host, ...rest);
    const [options] = rest;
    const done = rest.at(-1) as (error: null, address: unknown, family?: number) => void;
    const wantsAll = typeof options === 'object' && (options as { all?: boolean } | null)?.all === true;
    process.nextTick(() =>
      wantsAll ? done(null, [{ address: found.ip, family: 4 }]) : done(null, found.ip, 4),
    );
    return {};
  };
  const lookupPromise = dns.promises.lookup as (
    host: string,
    options?: { all?: boolean },
  ) => Promise<unknown>;
  dns.promises.lookup = (host: string, options?: { all?: boolean }) => {
    const found = find(host);
    if (!isName(host, found)) return lookupPromise(host, options);
    const answer = { address: found.ip, family: 4 };
    return Promise.resolve(options?.all === true ? [answer] : answer);
  };

  // Every way to open a connection ends here, with (options), (port, host) or these two in a list.
  type Connect = (this: unknown, ...args: unknown[]) => unknown;
  const connect = net.Socket.prototype.connect as Connect;
  net.Socket.prototype.connect = function (this: unknown, ...args: unknown[]) {
    const given = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
    const [first, second] = given;
    const asked = (typeof first === 'object' && first !== null ? first : { port: first, host: second }) as {
      host?: unknown;
      port?: unknown;
      localAddress?: unknown;
    };
    const found = find(asked.host);
    if (found === undefined) return connect.apply(this, args);
    const real = found.ports[String(asked.port)] ?? { host: found.ip };
    const localAddress = asked.localAddress ?? settings.podIP;
    const callback = given.find((each) => typeof each === 'function');
    return connect.call(
      this,
      { ...asked, ...real, ...(localAddress !== undefined && { localAddress }) },
      callback,
    );
  };
}
