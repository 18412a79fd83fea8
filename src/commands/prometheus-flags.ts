import { Option } from 'commander';
import { errorMessage, UserError } from '../lib/errors.ts';
import { readCredentials } from '../observe/prometheus/credentials.ts';
import type { PrometheusServerOptions } from '../observe/prometheus/server-options.ts';

/** What was given, in its order, unread: a URL may bear a password, which commander would print. */
export interface PrometheusFlags {
  readonly prometheus?: readonly string[];
  readonly prometheusCa?: readonly string[];
  readonly prometheusTokenFile?: readonly string[];
}

/** The servers that metrics of type Prometheus may ask; each flag may be given several times. */
export function prometheusOptions(): Option[] {
  return [
    collected(
      '--prometheus <name=url>',
      'a server that metrics of type Prometheus may ask, by a name; a metric that names none asks "default"; repeatable',
    ),
    collected(
      '--prometheus-ca <name=file>',
      'PEM file of the CA of such a server; read again when it changes',
    ),
    collected(
      '--prometheus-token-file <name=file>',
      'file with the bearer token for such a server; read again when it changes',
    ),
  ];
}

function collected(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text: string, previous: readonly string[] | undefined) => [
    ...(previous ?? []),
    text,
  ]);
}

/** @throws UserError for the first flag that is wrong, never with what might be a secret */
export function prometheusServers(flags: PrometheusFlags): readonly PrometheusServerOptions[] {
  const urls = byName('--prometheus', flags.prometheus, 'main=http://prometheus.monitoring:9090');
  const caFiles = byName('--prometheus-ca', flags.prometheusCa, 'main=/etc/plimsoll/ca.crt');
  const tokenFiles = byName('--prometheus-token-file', flags.prometheusTokenFile, 'main=/etc/plimsoll/token');
  for (const [flag, files] of [
    ['--prometheus-ca', caFiles],
    ['--prometheus-token-file', tokenFiles],
  ] as const)
    for (const name of files.keys()) assertRegistered(flag, name, urls);
  return [...urls].map(([name, url]) => {
    const caFile = caFiles.get(name);
    const tokenFile = tokenFiles.get(name);
    const files = { ...(caFile !== undefined && { caFile }), ...(tokenFile !== undefined && { tokenFile }) };
    return checked({ name, url: serverUrl(name, url, caFile !== undefined), ...files });
  });
}

/** As in the resource. */
const namePattern = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

function byName(flag: string, given: readonly string[] = [], example: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const text of given) {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(0, at));
    if (!namePattern.test(name) || name.length > 63 || at + 1 === text.length)
      throw new UserError(
        `${flag}: allowed is NAME=${flag === '--prometheus' ? 'URL' : 'FILE'}, such as ${example}; a name has up to 63 letters, digits, '-', '_' or '.'`,
      );
    if (values.has(name)) throw new UserError(`${flag} ${name}=...: given twice; give each name once`);
    values.set(name, text.slice(at + 1));
  }
  return values;
}

function assertRegistered(flag: string, name: string, urls: ReadonlyMap<string, string>): void {
  if (urls.has(name)) return;
  const known = urls.size === 0 ? 'none is registered' : `registered: ${[...urls.keys()].join(', ')}`;
  throw new UserError(`${flag} ${name}=...: there is no --prometheus ${name}=URL (${known})`);
}

function serverUrl(name: string, text: string, hasCa: boolean): string {
  const wrong = (why: string): never => {
    throw new UserError(`--prometheus ${name}=...: ${why}`);
  };
  const url = URL.canParse(text)
    ? new URL(text)
    : wrong('not a URL, such as http://prometheus.monitoring:9090');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return wrong('the URL must begin with http:// or https://');
  if (url.username !== '' || url.password !== '')
    return wrong(
      'the URL must have no user and password; a server asks for a token with --prometheus-token-file',
    );
  if (url.search !== '' || url.hash !== '') return wrong('the URL must have no query and no fragment');
  if (hasCa && url.protocol === 'http:')
    return wrong('--prometheus-ca is given, and the URL begins with http://; use https://');
  return url.href.replace(/\/+$/, '');
}

/** Files that cannot be read at the start are a mistake; later, the metrics fail as long as it lasts. */
function checked(server: PrometheusServerOptions): PrometheusServerOptions {
  try {
    readCredentials(server);
    return server;
  } catch (cause) {
    throw new UserError(
      `--prometheus-ca or --prometheus-token-file of ${server.name}: ${errorMessage(cause)}`,
      { cause },
    );
  }
}
