import type { CustomAutoscaler } from '../../api/generated/custom-autoscaler.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isKubeError, KubeError } from '../../kube/errors.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { autoscalersPath } from '../../operator/names.ts';
import { decisionLines, wrap } from '../../report/decision-view.ts';
import type { ShownDecision } from '../../report/decision-view.ts';
import type { ViewOptions } from '../../report/style.ts';
import { viewOptions } from '../io.ts';
import type { Io } from '../io.ts';
import { openPlace } from '../place.ts';
import type { PlaceFlags } from '../place-flags.ts';
import { askAt, askOperator } from './ask-operator.ts';
import type { ServicePlace } from './ask-operator.ts';

export interface ExplainFlags extends PlaceFlags {
  readonly last?: number;
  /** Milliseconds since 1970. */
  readonly at?: number;
  readonly operator?: string;
  readonly service?: ServicePlace;
  readonly output: 'text' | 'json';
}

/** What is explained. */
interface Subject {
  readonly namespace: string;
  readonly name: string;
  readonly object: CustomAutoscaler;
}

/**
 * Prints decisions of an autoscaler in words.
 * @throws UserError when there is no such autoscaler, no decision, or nobody who knows earlier ones
 */
export async function runExplain(given: string, flags: ExplainFlags, io: Io): Promise<number> {
  const name = given.replace(/^(cas|customautoscalers?(\.plimsoll\.dev)?)\//, '');
  const { client, namespace } = openPlace(flags);
  try {
    const object = await readObject(client, { namespace, name }, io.signal);
    const subject = { namespace, name, object };
    const decisions = await decisionsOf(client, subject, flags, io);
    if (flags.output === 'json') io.stdout.write(`${JSON.stringify({ namespace, name, decisions })}\n`);
    else io.stdout.write(`${textOf(subject, decisions, viewOptions(io.stdout, io)).join('\n')}\n`);
    return 0;
  } finally {
    await client.close();
  }
}

async function decisionsOf(
  client: KubeClient,
  { namespace, name, object }: Subject,
  { last, at, operator, service }: ExplainFlags,
  { signal, stderr }: Io,
): Promise<readonly ShownDecision[]> {
  if (last === undefined && at === undefined && operator === undefined) return [statusDecision(object)];
  const question = { namespace, name, last: last ?? 1, atMs: at };
  const tell = (line: string): unknown => stderr.write(`${line}\n`);
  const { decisions, oldest } =
    operator === undefined
      ? await askOperator(client, question, { service, signal, tell })
      : await askAt(operator, question, signal);
  if (decisions.length > 0) return decisions;
  throw new UserError(
    `--at ${new Date(at ?? 0).toISOString()}: the oldest decision of CustomAutoscaler ${namespace}/${name} that is kept is of ${oldest}; ask for that time or later`,
    { exitCode: 1 },
  );
}

function statusDecision({ metadata, status }: CustomAutoscaler): ShownDecision {
  const { namespace, name } = metadata as { namespace?: string; name?: string };
  const invalid = status?.conditions?.find(({ reason }) => reason === 'InvalidSpec');
  if (invalid !== undefined)
    throw new UserError(
      `CustomAutoscaler ${namespace}/${name} is not decided on until it is mended: ${invalid.message ?? 'its spec is invalid'}`,
      { exitCode: 1 },
    );
  if (status?.decision !== undefined) return status.decision;
  throw new UserError(
    `CustomAutoscaler ${namespace}/${name} has not been decided on yet; is an operator running that serves it?`,
    { exitCode: 1 },
  );
}

/** @throws UserError that names the autoscalers that there are, when it is none of them */
async function readObject(
  client: KubeClient,
  { namespace, name }: { namespace: string; name: string },
  signal: AbortSignal,
): Promise<CustomAutoscaler> {
  const collection = autoscalersPath(namespace);
  try {
    return (await client.get(`${collection}/${encodeURIComponent(name)}`, { signal })) as CustomAutoscaler;
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    const problem = isKubeError(error, 'NotFound') ? await missing(client, collection, signal) : undefined;
    if (problem === undefined) throw unreadable(client, error);
    throw new UserError(`no CustomAutoscaler ${name} in namespace ${namespace}: ${problem}`, {
      cause: error,
    });
  }
}

/** @returns undefined when that cannot be said either */
async function missing(client: KubeClient, path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const { items = [] } = (await client.get(path, { signal })) as { items?: readonly CustomAutoscaler[] };
    const names = items.map(({ metadata }) => (metadata as { name?: string }).name);
    return names.length === 0 ? 'it has none; name another one with -n' : `it has ${names.join(', ')}`;
  } catch (error) {
    if (isKubeError(error, 'NotFound'))
      return 'the cluster does not know the kind; apply crds/ and start the operator (docs/install.md)';
    if (error instanceof KubeError) return undefined;
    throw error;
  }
}

function unreadable({ server }: KubeClient, cause: KubeError): UserError {
  return new UserError(
    `cannot read CustomAutoscalers at ${server}: ${errorMessage(cause)}; check --kubeconfig and --namespace`,
    { cause },
  );
}

function textOf(subject: Subject, decisions: readonly ShownDecision[], view: ViewOptions): string[] {
  const blocks = decisions.map((decision, index) => {
    // What earlier ones waited for is over, or is told with the newest.
    const shown = index === 0 ? decision : { ...decision, limits: [] };
    return decisionLines(shown, Date.now(), view);
  });
  const head = [headOf(subject), ...noteOf(subject.object)].flatMap((line) => wrap(line, view.width, '  '));
  return [...head, ...blocks.flatMap((block) => ['', ...block])];
}

function headOf({ namespace, name, object: { spec, status } }: Subject): string {
  const { scaleTargetRef: target, minReplicas = 1, maxReplicas } = spec;
  const replicas = status?.currentReplicas === undefined ? '' : `, ${status.currentReplicas} replicas`;
  const place = `CustomAutoscaler ${namespace}/${name} of ${target.kind}/${target.name}`;
  // A pause may have ended by itself.
  const mode = status?.mode ?? spec.mode ?? 'Active';
  return `${place}${replicas} (${minReplicas} to ${maxReplicas})${mode === 'Active' ? '' : `, mode ${mode}`}`;
}

/** What a decision does not tell: a pause that holds nothing back as yet, and a spec that nobody has decided on. */
function noteOf({ metadata, status }: CustomAutoscaler): readonly string[] {
  const { generation } = metadata as { generation?: number };
  const { observedGeneration = generation, conditions } = status ?? {};
  if (observedGeneration !== generation)
    return ['its spec has changed since what its status tells: is an operator running that serves it?'];
  const pause = conditions?.find(({ type, status: holds }) => type === 'Suspended' && holds === 'True');
  return pause?.message === undefined ? [] : [pause.message];
}
