/**
 * The import table of docs/architecture.md, one rule a row: "a room may import itself and what stands behind `may`".
 * test/house/imports.test.ts shows that each rule fires on a bad fixture and that the tool saw the real modules.
 */
const rooms = {
  commands: {
    may: [
      'api',
      'operator',
      'observe',
      'act',
      'decide',
      'kube',
      'load',
      'devcluster',
      'report',
      'replay',
      'migrate',
      'lib',
    ],
    says: 'commands turn flags into typed options and call what is below them; nothing below imports a command',
  },
  operator: {
    may: ['observe', 'act', 'decide', 'api', 'kube', 'report', 'lib'],
    says: 'the operator drives observe -> decide -> act',
  },
  observe: {
    may: ['kube', 'api', 'decide', 'lib'],
    says: 'observe reads the cluster into a Snapshot and knows nothing of writing',
  },
  act: {
    may: ['kube', 'api', 'decide', 'lib'],
    says: 'act carries out planned writes and knows nothing of observing',
  },
  replay: {
    may: ['decide', 'api', 'report', 'lib'],
    says: 'replay runs recorded or modelled time through decide',
  },
  migrate: {
    may: ['api', 'decide', 'observe', 'act', 'kube', 'lib'],
    says: 'migrate converts from the HPA and from KEDA',
  },
  load: {
    may: ['report', 'lib'],
    says: 'the load generator knows no cluster: what it needs of one is handed to it',
  },
  devcluster: {
    may: ['lib'],
    says: 'the dev cluster is what the operator is tested against, so it shares none of its code',
  },
  report: { may: ['decide', 'lib'], says: 'report renders values and fetches nothing' },
  api: { may: ['decide', 'lib'], says: 'api is the wire: pure projections' },
  kube: { may: ['lib'], says: 'kube is a client and knows no autoscaler' },
  decide: { may: [], says: 'decide is pure: no room but itself' },
  lib: { may: [], says: 'lib knows no domain' },
};

/** A fixture tree for the test has the same shape below another root. */
const root = process.env.PLIMSOLL_CRUISE_ROOT ?? 'src';

/** What decide uses of lib; as pure as decide is. */
const pureLib = `^${root}/lib/(duration|quantity|remember|selector|selector-requirement)\\.ts$`;

const roomRules = Object.entries(rooms).map(([room, { may, says }]) => ({
  name: `${room}-imports`,
  comment: `${says}. It may import: ${[room, ...may].join(', ')}.`,
  severity: 'error',
  from: { path: `^${root}/${room}/` },
  to: {
    path: `^${root}/`,
    pathNot: [...[room, ...may].map((name) => `^${root}/${name}/`), ...(room === 'decide' ? [pureLib] : [])],
  },
}));

const packages = '^node_modules/';

export default {
  forbidden: [
    ...roomRules,
    {
      name: 'main-imports',
      comment: 'main turns argv into a command; it may import commands and lib/errors.',
      severity: 'error',
      from: { path: `^${root}/main\\.ts$` },
      to: { path: `^${root}/`, pathNot: [`^${root}/commands/`, `^${root}/lib/errors\\.ts$`] },
    },
    {
      name: 'decide-no-packages',
      comment: 'decide is pure: no npm package and no node: module; the lib files that it uses neither.',
      severity: 'error',
      from: { path: [`^${root}/decide/`, pureLib] },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'core', 'unknown'],
      },
    },
    {
      name: 'every-folder-is-a-room',
      comment: 'A new folder in src is a room, with a row of its own in this table.',
      severity: 'error',
      from: {
        path: `^${root}/`,
        pathNot: [`^${root}/main\\.ts$`, `^${root}/(${Object.keys(rooms).join('|')})/`],
      },
      to: {},
    },
    {
      name: 'pure-lib-stays-pure',
      comment: 'What decide uses of lib imports nothing but itself.',
      severity: 'error',
      from: { path: pureLib },
      to: { path: `^${root}/`, pathNot: pureLib },
    },
    {
      name: 'observe-act-decide-types',
      comment: 'observe, act, api and report know the types of decide, never its functions.',
      severity: 'error',
      from: { path: `^${root}/(observe|act|api|report)/` },
      to: { path: `^${root}/decide/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'client-node-only-in-kube',
      comment: 'Only kube speaks to @kubernetes/client-node.',
      severity: 'error',
      from: { path: `^${root}/`, pathNot: `^${root}/kube/` },
      to: { path: `${packages}@kubernetes/client-node` },
    },
    {
      name: 'node-cron-only-wakes',
      comment: "node-cron's timers are only in operator/wake.ts, its parser only in api.",
      severity: 'error',
      from: { path: `^${root}/`, pathNot: [`^${root}/operator/wake\\.ts$`, `^${root}/api/`] },
      to: { path: `${packages}node-cron` },
    },
    {
      name: 'prom-client-only-in-telemetry',
      comment: "prom-client is only in the operator's telemetry.",
      severity: 'error',
      from: { path: `^${root}/`, pathNot: `^${root}/operator/telemetry` },
      to: { path: `${packages}prom-client` },
    },
    {
      name: 'd3-only-in-report',
      comment: 'd3 (scales and shapes of charts) is only in report.',
      severity: 'error',
      from: { path: `^${root}/`, pathNot: `^${root}/report/` },
      to: { path: `${packages}d3-` },
    },
    {
      name: 'no-circular',
      comment: 'Data flows one way; a circle is two rooms that are one.',
      severity: 'error',
      from: { path: `^${root}/` },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-tests-in-product',
      comment: 'The product never imports its tests.',
      severity: 'error',
      from: { path: `^${root}/` },
      to: { path: '^test/', pathNot: `^${root}/` },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'Every import leads somewhere.',
      severity: 'error',
      from: { path: `^${root}/` },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
};
