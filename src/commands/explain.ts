import { Command, InvalidArgumentError, Option } from 'commander';
import type { ExplainFlags } from './explain/run.ts';
import { parseTime } from './explain/time.ts';
import { number, outputOption } from './flags.ts';
import type { Io } from './io.ts';
import { addPlaceOptions } from './place-flags.ts';

/** As many are kept (operator/decision-ring.ts). */
const maxLast = 50;

export function explainCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('explain')
    .description('Why an autoscaler scaled, or did not: its last decisions in words')
    .argument('<name>', 'of a CustomAutoscaler')
    .addOption(
      new Option('--last <n>', `so many decisions, the newest first; at most ${maxLast}`).argParser((text) =>
        number(text, { min: 1, max: maxLast, whole: true, what: `a whole number from 1 to ${maxLast}` }),
      ),
    )
    .addOption(
      new Option(
        '--at <time>',
        'what held at a time: RFC 3339, or a duration back from now such as 5m',
      ).argParser((text) => parseTime(text, Date.now())),
    )
    .addOption(
      new Option(
        '--operator <url>',
        'ask the operator there; default: through the API server, where it runs in the cluster, or else, of a cluster on this machine, http://127.0.0.1:8080',
      ).argParser(httpUrl),
    )
    .addOption(
      new Option(
        '--service <namespace/name:port>',
        "the operator's Service (default: plimsoll-system/plimsoll-metrics:metrics, then that of the autoscaler's namespace)",
      ).argParser(serviceName),
    )
    .addOption(outputOption());
  return addPlaceOptions(command, 'of the autoscaler')
    .addHelpText(
      'after',
      `
Without --last and --at: the last decision, from the object's status. Earlier
ones are asked of the operator, which keeps them while it leads.

Examples:
  plimsoll explain web
  plimsoll explain web -n shop --last 10
  plimsoll explain web --at 20m
  plimsoll explain web --last 5 --operator http://127.0.0.1:9090`,
    )
    .action(async (name: string, flags: ExplainFlags) => {
      const { runExplain } = await import('./explain/run.ts'); // Late: it loads the API client.
      done(await runExplain(name, flags, io));
    });
}

function httpUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new InvalidArgumentError('Allowed is an address such as http://127.0.0.1:8080.');
  return text.replace(/\/+$/, '');
}

function serviceName(text: string): { namespace: string; name: string; port: string } {
  const [, namespace, name, port] = /^([a-z0-9-]+)\/([a-z0-9-]+):([a-z0-9-]+)$/.exec(text) ?? [];
  if (namespace === undefined || name === undefined || port === undefined)
    throw new InvalidArgumentError(
      'Allowed is NAMESPACE/NAME:PORT, such as plimsoll-system/plimsoll-metrics:metrics.',
    );
  return { namespace, name, port };
}
