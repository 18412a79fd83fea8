/**
 * Writes src/api/generated/custom-autoscaler.ts from the CustomResourceDefinition, the single source of the schema.
 * With `--check` it writes nothing and exits 1 when the file is not what it would write.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';
import type { JSONSchema } from 'json-schema-to-typescript';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';

const crdFile = new URL('../crds/customautoscalers.plimsoll.dev.yaml', import.meta.url);
const typesFile = new URL('../src/api/generated/custom-autoscaler.ts', import.meta.url);

const banner = `/**
 * Generated from crds/customautoscalers.plimsoll.dev.yaml by scripts/generate-types.ts: do not edit.
 */
import type { ObjectMeta } from '../types.ts';
`;

type Schema = JSONSchema & {
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema | boolean;
  nullable?: boolean;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
};

/**
 * Which schema becomes a type with a name of its own, by its path (`*` is one step). Where several paths share a name, the first
 * in the file defines it.
 */
const typeNames: Readonly<Record<string, string>> = {
  spec: 'CustomAutoscalerSpec',
  'spec.scaleTargetRef': 'CrossVersionObjectReference',
  'spec.metrics[]': 'MetricSpec',
  'spec.metrics[].containerResource': 'ContainerResourceMetricSource',
  'spec.metrics[].external': 'ExternalMetricSource',
  'spec.metrics[].object': 'ObjectMetricSource',
  'spec.metrics[].podScrape': 'PodScrapeMetricSource',
  'spec.metrics[].pods': 'PodsMetricSource',
  'spec.metrics[].prometheus': 'PrometheusMetricSource',
  'spec.metrics[].onError': 'OnMetricError',
  'spec.metrics[].resource': 'ResourceMetricSource',
  'spec.metrics[].*.describedObject': 'CrossVersionObjectReference',
  'spec.metrics[].*.metric': 'MetricIdentifier',
  'spec.metrics[].*.metric.selector': 'MetricSelector',
  'spec.metrics[].*.metric.selector.matchExpressions[]': 'MetricSelectorRequirement',
  'spec.metrics[].*.target': 'MetricTarget',
  'spec.behavior': 'Behavior',
  'spec.behavior.scaleUp': 'ScaleUpRules',
  'spec.behavior.scaleDown': 'ScaleDownRules',
  'spec.behavior.*.policies[]': 'ScalingPolicy',
  'spec.suspend': 'Suspension',
  'spec.schedules[]': 'Schedule',
  status: 'CustomAutoscalerStatus',
  'status.currentMetrics[]': 'MetricStatus',
  'status.currentMetrics[].*.metric': 'MetricIdentifierStatus',
  'status.currentMetrics[].*.metric.selector': 'MetricSelector',
  'status.currentMetrics[].*.current': 'MetricValueStatus',
  'status.currentMetrics[].*.describedObject': 'CrossVersionObjectReferenceStatus',
  'status.conditions[]': 'AutoscalerCondition',
  'status.history': 'AutoscalerHistory',
  'status.history.recommendations[]': 'RecommendationRecord',
  'status.history.scaleUps[]': 'ScaleRecord',
  'status.history.scaleDowns[]': 'ScaleRecord',
  'status.history.metrics[]': 'MetricRecord',
  'status.nextTransition': 'ScheduleTransition',
  'status.fallback': 'FallbackInForce',
  'status.coldStart': 'ColdStart',
  'status.suspended': 'SuspensionInForce',
  'status.decision': 'DecisionRecord',
  'status.decision.metrics[]': 'DecisionMetric',
  'status.decision.limits[]': 'DecisionLimit',
  'status.shadow': 'ShadowRecord',
};

function typeName(path: string): string | undefined {
  return (
    typeNames[path] ??
    typeNames[path.replace(/^(spec\.metrics\[\]|spec\.behavior|status\.currentMetrics\[\])\.\w+/, '$1.*')]
  );
}

async function generate(): Promise<string> {
  const crd = parse(readFileSync(crdFile, 'utf8')) as {
    spec: { versions: { schema: { openAPIV3Schema: Schema } }[] };
  };
  const root = crd.spec.versions[0]?.schema.openAPIV3Schema;
  if (root === undefined) throw new Error(`${crdFile.pathname} has no version`);
  const definitions: Record<string, Schema> = {};
  const schema = { ...convert(root, '', definitions), definitions };
  const code = await compile(schema, 'CustomAutoscaler', {
    additionalProperties: false,
    bannerComment: banner,
    unreachableDefinitions: true,
    format: false,
    ignoreMinAndMaxItems: true,
  });
  const config = await resolveConfig(typesFile);
  return format(code, { ...config, parser: 'typescript' });
}

/** OpenAPI as the API server has it -> JSON Schema as the generator reads it; named schemas move to `definitions`. */
function convert(schema: Schema, path: string, definitions: Record<string, Schema>): Schema {
  const { description } = schema;
  if (path === 'metadata') return { description, tsType: 'ObjectMeta' };
  if (schema['x-kubernetes-int-or-string'] === true || isQuantity(schema)) {
    return { description, tsType: 'number | string' };
  }
  const name = typeName(path);
  const converted = withChildren(schema, path, definitions);
  if (name === undefined) return converted;
  definitions[name] ??= { ...converted, nullable: false };
  return { description, tsType: schema.nullable === true ? `${name} | null` : name };
}

/** A quantity that people write: a number, fractions too, or text, for which OpenAPI has no type. */
function isQuantity(schema: Schema): boolean {
  return schema.type === undefined && schema['x-kubernetes-preserve-unknown-fields'] === true;
}

function withChildren(schema: Schema, path: string, definitions: Record<string, Schema>): Schema {
  const converted: Schema = { ...schema };
  delete converted.default;
  delete converted.minItems;
  delete converted.maxItems;
  delete converted.anyOf;
  if (schema.items !== undefined) converted.items = convert(schema.items, `${path}[]`, definitions);
  if (schema.properties === undefined) return converted;
  const children = Object.entries(schema.properties).map(([name, property]) => {
    const child = path === '' ? name : `${path}.${name}`;
    return [name, convert(property, child, definitions)] as const;
  });
  return { ...converted, properties: Object.fromEntries(children) };
}

async function main(check: boolean): Promise<number> {
  const code = await generate();
  if (!check) {
    writeFileSync(typesFile, code);
    return 0;
  }
  if (readFileSync(typesFile, 'utf8') === code) return 0;
  process.stderr.write('src/api/generated is not what the CRD says: run node scripts/generate-types.ts\n');
  return 1;
}

process.exitCode = await main(process.argv.includes('--check'));
