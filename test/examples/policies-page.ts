import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { CustomAutoscaler, CustomAutoscalerSpec } from '../../src/api/generated/custom-autoscaler.ts';
import { parseAutoscaler } from '../../src/api/parse.ts';
import type { Policy } from '../../src/decide/policy.ts';
import { parseProfile } from '../../src/lib/load-profile-parse.ts';
import { simulate } from '../../src/replay/simulate.ts';
import type { Simulation } from '../../src/replay/simulate.ts';
import { defaultSimulationOptions } from '../../src/replay/simulation/model.ts';
import { renderStripChart } from '../../src/report/strip-chart.ts';
import type { Point, Strip } from '../../src/report/strip-chart.ts';
import { policyScenarios } from './policy-scenarios.ts';
import type { PolicyScenario } from './policy-scenarios.ts';

/** What a file of examples/policies/ holds. */
export function readPolicies(name: string): CustomAutoscaler[] {
  const text = readFileSync(new URL(`../../examples/policies/${name}.yaml`, import.meta.url), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as CustomAutoscaler);
}

function policyOf(object: unknown): Policy {
  const parsed = parseAutoscaler(object);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

/** One way to scale the app of a scenario. */
interface Run {
  readonly name: string;
  readonly result: Simulation;
}

/** What each policy does on its load: as it is, and what it is compared with. */
export interface Shown {
  readonly scenario: PolicyScenario;
  readonly endMs: number;
  /** The policy, and what it is compared with. */
  readonly runs: readonly [ours: Run, other: Run];
}

const known = new Map<string, Shown>();

/** Run once, however often it is asked for. */
export function runScenario(name: string): Shown {
  const shown = known.get(name) ?? runAnew(name);
  known.set(name, shown);
  return shown;
}

function runAnew(name: string): Shown {
  const scenario = policyScenarios[name];
  if (scenario === undefined) throw new Error(`${name} has no scenario`);
  const objects = readPolicies(name);
  const ours = objects.find(({ kind }) => kind === 'CustomAutoscaler');
  if (ours === undefined) throw new Error(`${name} has no CustomAutoscaler`);
  const beside = objects.filter((object) => object !== ours).map(policyOf);
  const run = (spec: CustomAutoscalerSpec, others: readonly Policy[]): Simulation =>
    runPolicy(scenario, policyOf({ ...ours, spec }), others);
  const { instead } = scenario;
  const runs = [
    { name: 'this policy', result: run(ours.spec, beside) },
    { name: instead.name, result: run(instead.spec(ours.spec), []) },
  ] as const;
  const endMs = simulatedMs(scenario);
  return { scenario, endMs, runs };
}

function simulatedMs({ load }: PolicyScenario): number {
  return parseProfile(load).segments.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function runPolicy(scenario: PolicyScenario, policy: Policy, beside: readonly Policy[]): Simulation {
  const { start, load, scaleToZero = false, ...model } = scenario;
  const featureGates = { ...defaultSimulationOptions.featureGates, HPAScaleToZero: scaleToZero };
  return simulate({
    ...model,
    policy,
    beside,
    profile: parseProfile(load),
    startMs: Date.parse(start),
    options: { ...defaultSimulationOptions, featureGates },
  });
}

const columns = 64;

function chartOf({ scenario, endMs, runs }: Shown): string[] {
  const most = Math.max(...runs.map(({ result }) => result.totals.mostReplicas));
  const [ours, other] = runs;
  const { samples, totals } = ours.result;
  const load = samples.map(({ atMs, loadPerSecond }) => ({ atMs, value: loadPerSecond }));
  const peak = Math.max(...load.map(({ value }) => value));
  const isOnlyTold = samples.some(({ desiredReplicas, replicas }) => desiredReplicas !== replicas);
  const rows = [
    { name: 'load', points: load, range: `up to ${Math.round(peak)}/s` },
    replicasRow('replicas', ours.result, most),
    ...(isOnlyTold ? [desiredRow(ours.result, most)] : []),
    replicasRow(other.name, other.result, most),
  ];
  const alarms = {
    name: 'short',
    atMs: samples.flatMap(({ atMs, shortSeconds }) => (shortSeconds > 0 ? [atMs] : [])),
    range: `${totals.shortSeconds} s`,
  };
  return renderStripChart({ strips: rows, alarms, endMs, axis: axisOf(scenario, endMs) }, columns);
}

function replicasRow(name: string, { samples, totals }: Simulation, max: number): Strip {
  const points = samples.map(({ atMs, replicas }): Point => ({ atMs, value: replicas }));
  return { name, points, range: `${totals.leastReplicas} to ${totals.mostReplicas}`, max };
}

function desiredRow({ samples }: Simulation, max: number): Strip {
  const points = samples.map(({ atMs, desiredReplicas }): Point => ({ atMs, value: desiredReplicas }));
  const counts = points.map(({ value }) => value);
  return { name: 'desired', points, range: `${Math.min(...counts)} to ${Math.max(...counts)}`, max };
}

function axisOf(scenario: PolicyScenario, endMs: number): [string, string, string] {
  return [clockOf(scenario, 0), clockOf(scenario, endMs / 2), clockOf(scenario, endMs)];
}

/** `Tue 08:30` by the clocks of the scenario. */
function clockOf({ start, timeZone }: PolicyScenario, afterMs: number): string {
  const options = { weekday: 'short', hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone }).format(Date.parse(start) + afterMs);
}

function figures({ name, result }: Run): string {
  const { totals } = result;
  const lost = (totals.offered - totals.served) / totals.offered;
  const cells = [
    name,
    `${totals.leastReplicas} to ${totals.mostReplicas}`,
    totals.replicaHours.toFixed(1),
    `${totals.shortSeconds} s`,
    lost < 1e-9 ? '100 %' : `${(Math.floor((1 - lost) * 1000) / 10).toFixed(1)} %`,
    totals.rescales,
    totals.flaps,
  ];
  return `| ${cells.join(' | ')} |`;
}

function sectionOf([name, shown]: [string, Shown]): string {
  const { scenario, runs } = shown;
  const waits = runs.map(({ result }) => result.totals.longestWaitSeconds);
  const quoted = runs[0].result.changes.find(({ words }) => scenario.quotes.test(words));
  if (quoted === undefined) throw new Error(`${name}: no decision says ${String(scenario.quotes)}`);
  return [
    `## ${name}`,
    '',
    `${scenario.says} [${name}.yaml](../examples/policies/${name}.yaml)`,
    '',
    '```',
    ...chartOf(shown),
    '```',
    '',
    '| | replicas | replica-hours | short of capacity | served | rescales | flaps |',
    '|---|---|---|---|---|---|---|',
    ...runs.map(figures),
    '',
    ...(Math.max(...waits) === 0
      ? []
      : [`Longest wait of a message: ${waits.map((seconds) => `${seconds} s`).join(' and ')}.`, '']),
    `${clockOf(scenario, quoted.atMs)}: \`${quoted.words}\``,
    '',
  ].join('\n');
}

/** Both runs of each policy side by side. */
function glance(shown: readonly [string, Shown][]): string {
  const rows = shown.map(([name, { runs }]) => {
    const hours = runs.map(({ result }) => result.totals.replicaHours.toFixed(1));
    const short = runs.map(({ result }) => `${result.totals.shortSeconds} s`);
    return `| ${[`[${name}](#${name})`, runs[1].name, ...hours, ...short].join(' | ')} |`;
  });
  return [
    '| policy | compared with the same app scaled | replica-hours | instead of | short of capacity | instead of |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
    '',
  ].join('\n');
}

const head = `# Policies

Policies to start from, each in a file of its own that says what it is for. Every one is applied to an API server by a test, and
runs here on a load that shows what it does: the decisions are the operator's own code, the app and its pods are a model. This
page is written by that test (\`UPDATE_POLICIES=1 mocha test/examples/policies.test.ts\`).

How to read it:

- \`load\` is what comes, \`replicas\` what the target was asked to run; each bar is the most of its time, a gap is zero. Below it, for
  comparison, the same app scaled in another way: "as an HPA" is the same spec without any field that a HorizontalPodAutoscaler lacks.
- Short of capacity: seconds in which more came than the ready pods could handle, drawn as \`!\`. What comes then is lost. Of a queue:
  seconds in which a message had waited for longer than it may; nothing is lost.
- Replica-hours are hours of all replicas together. A flap is a rescale against the direction of the one before, within ten minutes.
- The last line of each is one of its decisions, in the operator's words.

The model: pods share the load evenly and each handles so much a second at most; it uses its CPU request fully at that. A new pod needs
some time to be ready. Pods are measured every 15 seconds, and a measurement can be read 5 seconds later; \`PodScrape\` reads at the decision.
No node is ever full, and no write fails.

For policies, loads and apps of your own, several side by side:

    plimsoll simulate now.yaml better.yaml --capacity 10 --profile '20/s for 10m, to 200/s over 5m, 200/s for 30m'

It has the time to start, queues and the seed of arrivals by chance as flags; outages, strangers and what a start costs are in this page's
scenarios only.

`;

/** docs/policies.md as it should be. */
export function policiesPage(): string {
  const shown = Object.keys(policyScenarios).map((name): [string, Shown] => [name, runScenario(name)]);
  return `${head}${glance(shown)}${shown.map(sectionOf).join('\n').trimEnd()}\n`;
}
