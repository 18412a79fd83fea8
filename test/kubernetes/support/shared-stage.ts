import { UserError } from '../../../src/lib/errors.ts';
import { readRefusals } from '../../controlplane/control-plane.ts';
import { Stage } from './stage.ts';
import type { Cluster } from './stage.ts';

/** The variable by which run.ts tells the specs which cluster they are on, as JSON. */
export const clusterVariable = 'PLIMSOLL_TEST_CLUSTER';

/** A cluster as run.ts describes it. */
export interface GivenCluster extends Omit<Cluster, 'refusals'> {
  readonly auditLog?: string;
  /** Which one of `releases` was asked for. */
  readonly release?: string;
}

let opened: Promise<Stage> | undefined;

/** The stage that all specs of a run share. */
export async function sharedStage(): Promise<Stage> {
  opened ??= Stage.open(withRefusals(givenCluster()));
  return opened;
}

/** For mocha: what was opened is closed after the last test. */
export const mochaHooks = {
  async afterAll(): Promise<void> {
    await (await opened)?.close();
  },
};

/** @throws UserError when nobody said which */
export function givenCluster(): GivenCluster {
  const text = process.env[clusterVariable];
  if (text === undefined) throw new UserError('these tests are started by `npm run test:kubernetes`');
  return JSON.parse(text) as GivenCluster;
}

function withRefusals({ auditLog, ...cluster }: GivenCluster): Cluster {
  const refusals = (file: string): string[] =>
    readRefusals(file).map(({ user, verb, uri }) => `${user} may not ${verb} ${uri}`);
  return { ...cluster, refusals: () => (auditLog === undefined ? undefined : refusals(auditLog)) };
}
