/**
 * What may be wrong with the fields that only a CustomAutoscaler has, in the same form as the rows of autoscaling/v2
 * (invalid-autoscalers.ts).
 */

/** What is changed in the spec of `validAutoscaler`, by path; undefined takes the field away. */
export type Change = Readonly<Record<string, unknown>>;
export type Row = readonly [change: Change, path: string, message: RegExp];

const podScrapeMetric = {
  type: 'PodScrape',
  podScrape: {
    port: 'metrics',
    metric: { name: 'http_requests_total' },
    target: { type: 'AverageValue', averageValue: '10' },
  },
};
const prometheusMetric = {
  type: 'Prometheus',
  prometheus: { query: 'sum(rate(http_requests_total[1m]))', target: { type: 'Value', value: 100 } },
};
const externalMetric = {
  type: 'External',
  external: { metric: { name: 'queue' }, target: { type: 'Value', value: 30 } },
};
const cpuMetric = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
};
/** Counts up to the maxReplicas of `validAutoscaler`, which is 10. */
const officeHours = {
  name: 'office-hours',
  start: '0 8 * * 1-5',
  duration: '10h',
  timeZone: 'Europe/Berlin',
  minReplicas: 5,
};

/** A change of the only schedule; what is undefined is taken away. */
const schedule = (change: object): Change => ({ schedules: [{ ...officeHours, ...change }] });
const scrape = (change: object): Change => ({
  metrics: [{ ...podScrapeMetric, podScrape: { ...podScrapeMetric.podScrape, ...change } }],
});
const query = (change: object): Change => ({
  metrics: [{ ...prometheusMetric, prometheus: { ...prometheusMetric.prometheus, ...change } }],
});
const cpu = (change: object): Change => ({ metrics: [{ ...cpuMetric, ...change }] });
const series = (requirement: object): Change =>
  scrape({ metric: { name: 'hits', selector: { matchExpressions: [requirement] } } });

const first = 'spec.schedules[0]';
const metric = 'spec.metrics[0]';
const expression = `${metric}.podScrape.metric.selector.matchExpressions[0]`;

const schedules: Readonly<Record<string, Row>> = {
  'schedules is an object': [{ schedules: {} }, 'spec.schedules', /must be a list/],
  'there are 21 schedules': [
    { schedules: Array.from({ length: 21 }, (_, index) => ({ ...officeHours, name: `s${index}` })) },
    'spec.schedules',
    /at most 20 items/,
  ],
  'two schedules have one name': [
    { schedules: [officeHours, officeHours] },
    'spec.schedules[1]',
    /Duplicate value: "office-hours"/,
  ],
  'a schedule has no name': [schedule({ name: undefined }), `${first}.name`, /Required value/],
  'a schedule has an empty name': [schedule({ name: '' }), `${first}.name`, /Required value/],
  "a schedule's name has a space": [schedule({ name: 'Office hours' }), `${first}.name`, /lower case/],
  'a schedule has no start': [schedule({ start: undefined }), `${first}.start`, /Required value/],
  'a start has seconds': [schedule({ start: '0 0 8 * * 1' }), `${first}.start`, /must be five fields/],
  'a start is a nickname': [schedule({ start: '@daily' }), `${first}.start`, /must be five fields/],
  'a start is a number': [schedule({ start: 8 }), `${first}.start`, /must be a string/],
  'a time zone is an offset': [schedule({ timeZone: '+01:00' }), `${first}.timeZone`, /IANA/],
  'a time zone is empty': [schedule({ timeZone: '' }), `${first}.timeZone`, /Required value/],
  'a schedule has no duration': [schedule({ duration: undefined }), `${first}.duration`, /Required value/],
  'a duration is 0': [schedule({ duration: '0s' }), `${first}.duration`, /"0s": must be .* above 0/],
  'a duration is negative': [schedule({ duration: '-1h' }), `${first}.duration`, /"-1h": must be/],
  'a duration has no unit': [schedule({ duration: '90' }), `${first}.duration`, /"90": must be a duration/],
  'a duration is in days': [schedule({ duration: '1d' }), `${first}.duration`, /such as 10h/],
  'a duration is a number': [schedule({ duration: 36_000 }), `${first}.duration`, /must be a string/],
  'a duration is beyond 31 days': [
    schedule({ duration: '744h1s' }),
    `${first}.duration`,
    /"744h1s": .* at most 744h/,
  ],
  'a schedule sets nothing': [schedule({ minReplicas: undefined }), first, /one of minReplicas, maxReplicas/],
  'a schedule sets a count and a minimum': [
    schedule({ replicas: 7 }),
    `${first}.replicas`,
    /Forbidden: may not be set together with minReplicas/,
  ],
  'a schedule sets a count and a maximum': [
    schedule({ minReplicas: undefined, maxReplicas: 5, replicas: 7 }),
    `${first}.replicas`,
    /Forbidden/,
  ],
  "a schedule's maximum is below its minimum": [
    schedule({ maxReplicas: 4 }),
    `${first}.maxReplicas`,
    /4: must be greater than or equal to minReplicas/,
  ],
  "a schedule's minimum is 0": [schedule({ minReplicas: 0 }), `${first}.minReplicas`, /equal to 1/],
  "a schedule's maximum is 0": [
    schedule({ minReplicas: undefined, maxReplicas: 0 }),
    `${first}.maxReplicas`,
    /equal to 1/,
  ],
  "a schedule's count is negative": [
    schedule({ minReplicas: undefined, replicas: -1 }),
    `${first}.replicas`,
    /equal to 0/,
  ],
  "a schedule's minimum is above maxReplicas": [
    schedule({ minReplicas: 11 }),
    'spec.maxReplicas',
    /10: must be greater than or equal to each count of schedules, the largest of which is 11$/,
  ],
  "a schedule's maximum is above maxReplicas": [
    schedule({ maxReplicas: 11 }),
    'spec.maxReplicas',
    /each count of schedules/,
  ],
  "a schedule's count is above maxReplicas": [
    schedule({ minReplicas: undefined, replicas: 11 }),
    'spec.maxReplicas',
    /each count of schedules/,
  ],
  'a ramp is no duration': [schedule({ rampUp: 'slow' }), `${first}.rampUp`, /"slow": must be a duration/],
  'a ramp is negative': [schedule({ rampDown: '-5m' }), `${first}.rampDown`, /must be a duration/],
  'the ramps are longer than the duration': [
    schedule({ rampUp: '6h', rampDown: '4h1s' }),
    `${first}.duration`,
    /"10h": must be at least as long as rampUp and rampDown together/,
  ],
  'a date is in another order': [
    schedule({ excludeDates: ['25.12.2026'] }),
    `${first}.excludeDates[0]`,
    /must be a date such as/,
  ],
  'a date does not exist': [
    schedule({ excludeDates: ['2026-02-28', '2026-02-29'] }),
    `${first}.excludeDates[1]`,
    /must be a date such as/,
  ],
  'a date stands twice': [
    schedule({ excludeDates: ['2026-12-25', '2026-12-25'] }),
    `${first}.excludeDates[1]`,
    /Duplicate value/,
  ],
  'there are 101 dates': [
    schedule({
      excludeDates: Array.from({ length: 101 }, (_, day) =>
        new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10),
      ),
    }),
    `${first}.excludeDates`,
    /at most 100 items/,
  ],
};

const pauses: Readonly<Record<string, Row>> = {
  'suspend stands without a pause': [
    { suspend: { scaleDown: true } },
    'spec.suspend',
    /Forbidden: may be set only when mode is Paused/,
  ],
  'an empty suspend stands in a dry run': [{ mode: 'DryRun', suspend: {} }, 'spec.suspend', /Forbidden/],
  'suspend is a flag': [{ mode: 'Paused', suspend: true }, 'spec.suspend', /must be an object/],
  'a pause holds nothing back': [
    { mode: 'Paused', suspend: { scaleUp: false, scaleDown: false } },
    'spec.suspend',
    /scaleUp or scaleDown must be true/,
  ],
  'a pause names only what it does not hold back': [
    { mode: 'Paused', suspend: { scaleUp: false } },
    'spec.suspend',
    /scaleUp or scaleDown must be true/,
  ],
  'a direction is text': [
    { mode: 'Paused', suspend: { scaleUp: 'yes' } },
    'spec.suspend.scaleUp',
    /"yes": must be true or false/,
  ],
  'a pause ends at no time': [
    { mode: 'Paused', suspend: { until: 'tomorrow' } },
    'spec.suspend.until',
    /"tomorrow": must be a time as RFC 3339/,
  ],
  'a pause ends at a time without a zone': [
    { mode: 'Paused', suspend: { until: '2026-12-24T18:00:00' } },
    'spec.suspend.until',
    /RFC 3339/,
  ],
  'a pause ends on a day that does not exist': [
    { mode: 'Paused', suspend: { until: '2026-02-30T18:00:00Z' } },
    'spec.suspend.until',
    /RFC 3339/,
  ],
  'the reason of a pause is a book': [
    { mode: 'Paused', suspend: { reason: 'x'.repeat(513) } },
    'spec.suspend.reason',
    /at most 512 characters/,
  ],
};

const pods: Readonly<Record<string, Row>> = {
  'podSelection is none that is known': [
    { podSelection: 'All' },
    'spec.podSelection',
    /"All": supported values: "Owned", "Selector"/,
  ],
  'syncPeriodSeconds is 0': [{ syncPeriodSeconds: 0 }, 'spec.syncPeriodSeconds', /0: .* equal to 1$/],
  'syncPeriodSeconds is over five minutes': [
    { syncPeriodSeconds: 301 },
    'spec.syncPeriodSeconds',
    /301: .* equal to 300$/,
  ],
  'syncPeriodSeconds is a duration': [{ syncPeriodSeconds: '15s' }, 'spec.syncPeriodSeconds', /an integer/],
  'initializationPeriodSeconds is negative': [
    { initializationPeriodSeconds: -1 },
    'spec.initializationPeriodSeconds',
    /equal to 0/,
  ],
  'initializationPeriodSeconds is over an hour': [
    { initializationPeriodSeconds: 3601 },
    'spec.initializationPeriodSeconds',
    /equal to 3600/,
  ],
  'readinessDelaySeconds is negative': [
    { readinessDelaySeconds: -1 },
    'spec.readinessDelaySeconds',
    /equal to 0/,
  ],
  'readinessDelaySeconds is over an hour': [
    { readinessDelaySeconds: 3601 },
    'spec.readinessDelaySeconds',
    /equal to 3600/,
  ],
  'onAllPodsUnready is none that is known': [
    { onAllPodsUnready: 'Double' },
    'spec.onAllPodsUnready',
    /"Double": supported values: "Hold", "StepUp"/,
  ],
  'requireFreshSamples is text': [
    { requireFreshSamples: 'true' },
    'spec.requireFreshSamples',
    /"true": must be true or false/,
  ],
};

const trust: Readonly<Record<string, Row>> = {
  'onError has no type': [cpu({ onError: {} }), `${metric}.onError.type`, /Required value/],
  'onError has an unknown type': [
    cpu({ onError: { type: 'Retry' } }),
    `${metric}.onError.type`,
    /"Retry": supported values: "Fallback", "Hold", "Ignore"/,
  ],
  'a fallback has no replicas': [
    cpu({ onError: { type: 'Fallback' } }),
    `${metric}.onError.replicas`,
    /Required value: must be set when type is Fallback/,
  ],
  'a fallback is to 0': [
    cpu({ onError: { type: 'Fallback', replicas: 0 } }),
    `${metric}.onError.replicas`,
    /0: must be greater than or equal to 1/,
  ],
  'a fallback is above maxReplicas': [
    cpu({ onError: { type: 'Fallback', replicas: 11 } }),
    'spec.maxReplicas',
    /10: must be .* onError\.replicas of each metric, the largest of which is 11$/,
  ],
  'a metric is ignored and has replicas': [
    cpu({ onError: { type: 'Ignore', replicas: 3 } }),
    `${metric}.onError.replicas`,
    /Forbidden: may be set only when type is Fallback/,
  ],
  'a metric is held and has a behavior': [
    cpu({ onError: { type: 'Hold', behavior: 'Static' } }),
    `${metric}.onError.behavior`,
    /Forbidden: may be set only when type is Fallback/,
  ],
  'a metric is held after a while': [
    cpu({ onError: { type: 'Hold', afterSeconds: 60 } }),
    `${metric}.onError.afterSeconds`,
    /Forbidden: may be set only when type is Ignore or Fallback/,
  ],
  'a fallback has an unknown behavior': [
    cpu({ onError: { type: 'Fallback', replicas: 3, behavior: 'Highest' } }),
    `${metric}.onError.behavior`,
    /Unsupported value: "Highest"/,
  ],
  'a failure is waited for longer than a day': [
    cpu({ onError: { type: 'Ignore', afterSeconds: 86_401 } }),
    `${metric}.onError.afterSeconds`,
    /equal to 86400/,
  ],
  'a sample may be no second old': [cpu({ maxAgeSeconds: 0 }), `${metric}.maxAgeSeconds`, /equal to 1$/],
  'a sample may be older than a day': [
    cpu({ maxAgeSeconds: 86_401 }),
    `${metric}.maxAgeSeconds`,
    /equal to 86400/,
  ],
  'a zero is suspected for no second': [
    cpu({ suspectZeroSeconds: 0 }),
    `${metric}.suspectZeroSeconds`,
    /equal to 1$/,
  ],
  'an activation is negative': [
    { metrics: [{ ...externalMetric, activation: '-1' }] },
    `${metric}.activation`,
    /"-1": must be greater than or equal to 0/,
  ],
  'an activation is a flag': [
    { metrics: [{ ...externalMetric, activation: true }] },
    `${metric}.activation`,
    /must be a quantity/,
  ],
  'CPU has an activation': [
    cpu({ activation: 5 }),
    `${metric}.activation`,
    /Forbidden: may be set only when type is External, Object, Prometheus/,
  ],
  'a metric that is read from pods has an activation': [
    { metrics: [{ ...podScrapeMetric, activation: '5' }] },
    `${metric}.activation`,
    /Forbidden/,
  ],
};

const scrapes: Readonly<Record<string, Row>> = {
  'a PodScrape metric has no podScrape': [
    { metrics: [{ type: 'PodScrape' }] },
    `${metric}.podScrape`,
    /Required value: must be set when type is PodScrape/,
  ],
  'a Resource metric has podScrape as well': [
    cpu({ podScrape: podScrapeMetric.podScrape }),
    `${metric}.podScrape`,
    /Forbidden: may be set only when type is PodScrape/,
  ],
  'minReplicas is 0 with a PodScrape metric': [
    { minReplicas: 0, metrics: [podScrapeMetric] },
    'spec.metrics',
    /scaling to zero/,
  ],
  'a port is missing': [scrape({ port: undefined }), `${metric}.podScrape.port`, /Required value/],
  'a port is 0': [scrape({ port: 0 }), `${metric}.podScrape.port`, /0: .* equal to 1$/],
  'a port is beyond 16 bits': [scrape({ port: 65_536 }), `${metric}.podScrape.port`, /65535/],
  'a port is a fraction': [scrape({ port: 80.5 }), `${metric}.podScrape.port`, /must be an integer/],
  'a port is a number in quotes': [
    scrape({ port: '8080' }),
    `${metric}.podScrape.port`,
    /"8080": must be a number, or the name/,
  ],
  'a port has a name with capitals': [scrape({ port: 'Metrics' }), `${metric}.podScrape.port`, /lower case/],
  'a port has a name of 16 characters': [
    scrape({ port: 'a234567890123456' }),
    `${metric}.podScrape.port`,
    /at most 15/,
  ],
  'a port is a flag': [scrape({ port: true }), `${metric}.podScrape.port`, /must be a number, or the name/],
  'a path does not begin with a slash': [
    scrape({ path: 'metrics' }),
    `${metric}.podScrape.path`,
    /"metrics": must begin with one '\/'/,
  ],
  'a path names another server': [
    scrape({ path: '//example.com/metrics' }),
    `${metric}.podScrape.path`,
    /must begin with one '\/'/,
  ],
  'a path names another server with a backslash': [
    scrape({ path: '/\\example.com/metrics' }),
    `${metric}.podScrape.path`,
    /backslash/,
  ],
  'a path has a line break': [scrape({ path: '/metrics\nHost: x' }), `${metric}.podScrape.path`, /no space/],
  'a scraped metric has no name': [
    scrape({ metric: {} }),
    `${metric}.podScrape.metric.name`,
    /must specify a metric name/,
  ],
  'a scraped metric is a query': [
    scrape({ metric: { name: 'rate(hits[1m])' } }),
    `${metric}.podScrape.metric.name`,
    /must consist of letters/,
  ],
  'a rate is text': [scrape({ rate: '1m' }), `${metric}.podScrape.rate`, /must be true or false/],
  'a scraped metric has a value as its target': [
    scrape({ target: { type: 'Value', averageValue: '1' } }),
    `${metric}.podScrape.target.type`,
    /"Value": supported values: "AverageValue"/,
  ],
  'a scraped metric has no averageValue': [
    scrape({ target: { type: 'AverageValue' } }),
    `${metric}.podScrape.target.averageValue`,
    /Required value/,
  ],
  'a scraped metric is compared with 0': [
    scrape({ target: { type: 'AverageValue', averageValue: 0 } }),
    `${metric}.podScrape.target.averageValue`,
    /0: must be greater than 0/,
  ],
  'a label of series is compared by an unknown operator': [
    series({ key: 'path', operator: 'Matches', values: ['x'] }),
    `${expression}.operator`,
    /Unsupported value: "Matches"/,
  ],
  'a label of series is compared with nothing': [
    series({ key: 'path', operator: 'In', values: [] }),
    `${expression}.values`,
    /must have at least one item/,
  ],
  'a label of series is to exist with values': [
    series({ key: 'path', operator: 'Exists', values: ['x'] }),
    `${expression}.values`,
    /may be set only when operator is In or NotIn/,
  ],
  'a requirement on series names no label': [
    series({ operator: 'Exists' }),
    `${expression}.key`,
    /Required value/,
  ],
  'series are chosen by 21 labels': [
    scrape({
      metric: {
        name: 'hits',
        selector: {
          matchLabels: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`l${index}`, 'x'])),
        },
      },
    }),
    `${metric}.podScrape.metric.selector.matchLabels`,
    /at most 20 entries/,
  ],
};

const queries: Readonly<Record<string, Row>> = {
  'a Prometheus metric has no prometheus': [
    { metrics: [{ type: 'Prometheus' }] },
    `${metric}.prometheus`,
    /Required value/,
  ],
  'a Pods metric has prometheus as well': [
    { 'metrics[2].prometheus': prometheusMetric.prometheus },
    'spec.metrics[2].prometheus',
    /Forbidden: may be set only when type is Prometheus/,
  ],
  'a query is missing': [query({ query: undefined }), `${metric}.prometheus.query`, /Required value/],
  'a query is empty': [query({ query: '' }), `${metric}.prometheus.query`, /Required value/],
  'a query is a book': [query({ query: 'x'.repeat(4097) }), `${metric}.prometheus.query`, /at most 4096/],
  'a server is an address': [
    query({ server: 'http://prometheus:9090' }),
    `${metric}.prometheus.server`,
    /must consist of letters/,
  ],
  'a server is empty': [query({ server: '' }), `${metric}.prometheus.server`, /Required value/],
  'a query has no target': [query({ target: undefined }), `${metric}.prometheus.target`, /Required value/],
  'a query has a utilization as its target': [
    query({ target: { type: 'Utilization', value: 1 } }),
    `${metric}.prometheus.target.type`,
    /"Utilization": supported values: "Value", "AverageValue"/,
  ],
  'the target of a query sets nothing': [
    query({ target: { type: 'Value' } }),
    `${metric}.prometheus.target.averageValue`,
    /must set value or averageValue/,
  ],
  'the target of a query sets value and averageValue': [
    query({ target: { type: 'Value', value: 1, averageValue: 0.5 } }),
    `${metric}.prometheus.target.value`,
    /Forbidden: may not be set together with averageValue/,
  ],
  'the target of a query is 0': [
    query({ target: { type: 'Value', value: '0' } }),
    `${metric}.prometheus.target.value`,
    /must be greater than 0/,
  ],
};

export const invalidOwnFields: Readonly<Record<string, Row>> = {
  ...schedules,
  ...pauses,
  ...pods,
  ...trust,
  ...scrapes,
  ...queries,
};

/** What no definition can check: an API server takes it, and the operator refuses it in a condition. */
export const refusedByOperator: Readonly<Record<string, Row>> = {
  'a minute is 60': [
    schedule({ start: '60 8 * * *' }),
    `${first}.start`,
    /60 is no value of the field minute/,
  ],
  'a day is none': [schedule({ start: '0 8 * * noday' }), `${first}.start`, /must be a cron expression/],
  'a start never comes': [schedule({ start: '0 8 30 2 *' }), `${first}.start`, /impossible day/],
  'a time zone is unknown': [
    schedule({ timeZone: 'Europe/Atlantis' }),
    `${first}.timeZone`,
    /"Europe\/Atlantis": must be a time zone of the IANA database/,
  ],
};

export const oddOwnFields: Readonly<Record<string, Change>> = {
  'a schedule with everything': schedule({
    maxReplicas: 10,
    rampUp: '15m',
    rampDown: '1h30m',
    excludeDates: ['2026-12-25', '2028-02-29'],
  }),
  'schedules null': { schedules: null },
  'no schedules': { schedules: [] },
  'a schedule of 20': {
    schedules: Array.from({ length: 20 }, (_, index) => ({ ...officeHours, name: `s${index}` })),
  },
  'a schedule to zero': schedule({ minReplicas: undefined, replicas: 0 }),
  'a schedule whose maximum is below minReplicas': schedule({ minReplicas: undefined, maxReplicas: 1 }),
  'a schedule that is open for 31 days': schedule({ duration: '744h' }),
  'a schedule that is all ramp': schedule({ duration: '1h', rampUp: '30m', rampDown: '30m' }),
  'a start with names, steps, lists and letters for days': schedule({
    start: '*/15 8-18/2 L,15W jan-mar fri#2,5L',
  }),
  'a time zone of one word': schedule({ timeZone: 'UTC' }),
  'a time zone of three words': schedule({ timeZone: 'America/Argentina/Buenos_Aires' }),
  'a duration with a fraction': schedule({ duration: '1.5h' }),
  'a pause': { mode: 'Paused' },
  'a pause of both ways': { mode: 'Paused', suspend: {} },
  'a pause of one way': {
    mode: 'Paused',
    suspend: { scaleDown: true, until: '2026-12-24T18:00:00+01:00', reason: 'the sale' },
  },
  'a pause that ends in the past': { mode: 'Paused', suspend: { until: '2020-01-01T00:00:00.5Z' } },
  'suspend null': { suspend: null },
  'the pods that are owned': { podSelection: 'Owned' },
  'periods at their ends': {
    syncPeriodSeconds: 300,
    initializationPeriodSeconds: 0,
    readinessDelaySeconds: 3600,
  },
  'both escapes': { onAllPodsUnready: 'StepUp', requireFreshSamples: true },
  'a metric that is held': cpu({ onError: { type: 'Hold' } }),
  'a metric that is ignored at once': cpu({ onError: { type: 'Ignore', afterSeconds: 0 } }),
  'a fallback to maxReplicas': cpu({
    onError: { type: 'Fallback', afterSeconds: 86_400, replicas: 10, behavior: 'CurrentReplicasIfHigher' },
  }),
  'a metric with limits on age and zeros': cpu({ maxAgeSeconds: 90, suspectZeroSeconds: 300 }),
  'an activation': { metrics: [{ ...externalMetric, activation: 0.5 }] },
  'an activation of 0': { metrics: [{ ...prometheusMetric, activation: '0' }] },
  'a PodScrape metric': { metrics: [podScrapeMetric] },
  'a PodScrape metric with everything': scrape({
    port: 8080,
    path: '/metrics?name[]=http_requests_total&x=%20',
    rate: false,
    metric: {
      name: 'http:requests:total',
      selector: {
        matchLabels: { code: '200' },
        matchExpressions: [
          { key: 'path', operator: 'NotIn', values: ['/healthz'] },
          { key: 'method', operator: 'Exists' },
        ],
      },
    },
  }),
  'a port whose name begins with digits': scrape({ port: '9-a' }),
  'the shortest path': scrape({ path: '/' }),
  'a Prometheus metric of a server': query({
    server: 'main',
    target: { type: 'AverageValue', averageValue: 0.5 },
  }),
  'minReplicas 0 with a Prometheus metric': { minReplicas: 0, metrics: [prometheusMetric] },
};
