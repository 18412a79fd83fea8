import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

export interface RuleGroups {
  readonly groups: readonly { readonly name: string; readonly rules: readonly AlertRule[] }[];
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly datasource: { readonly uid: string } }[];
}

export interface Dashboard {
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
}

export const rules = (
  parse(readFileSync('deploy/monitoring/alerts.yaml', 'utf8')) as RuleGroups
).groups.flatMap((group) => group.rules);
export const dashboard = JSON.parse(
  readFileSync('deploy/monitoring/grafana-dashboard.json', 'utf8'),
) as Dashboard;

/** Every query of the dashboard, those of its variables and annotations too. */
export function dashboardQueries({ panels, templating, annotations }: Dashboard): string[] {
  return [
    ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...templating.list.flatMap(({ definition }) => definition ?? []),
    ...annotations.list.map(({ expr }) => expr),
  ];
}

/** One use of a metric in a query: its name and the labels that are matched. */
export interface MetricUse {
  readonly name: string;
  readonly labels: readonly string[];
}

/** The metrics of ours that a query uses, by their names in /metrics. */
export function metricsIn(query: string): MetricUse[] {
  return [...query.matchAll(/\b(plimsoll_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', matchers = '']) => ({
    name,
    labels: [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = '']) => label),
  }));
}

/** Labels that Prometheus adds to what it scrapes. `namespace` is the metric's own where it has one. */
export const targetLabels = ['namespace', 'job', 'pod', 'instance'];

/** The labels with which each sample stands in the text of /metrics. */
export function samplesIn(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const samples = new Map<string, Set<string>>();
  for (const [, name = '', labels = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const known = samples.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
    samples.set(name, known);
  }
  return samples;
}
