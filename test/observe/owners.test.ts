import { expect } from 'chai';
import { ownersOf } from '../../src/observe/owners.ts';
import type { Workloads } from '../../src/observe/target.ts';
import { WorkloadTable } from '../../src/observe/workload-table.ts';
import * as given from '../decide/builders.ts';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'web' };
const podOf = (ownerUid: string) => given.pod('web-0', { ownerUid });

describe('ownersOf', () => {
  let current: boolean;
  let workloads: Required<Workloads>;
  beforeEach(() => {
    current = true;
    const table = (): WorkloadTable => new WorkloadTable(() => current);
    workloads = { Deployment: table(), StatefulSet: table(), ReplicaSet: table() };
  });
  const own = (kind: keyof Workloads, uid: string, ownerUid: string, revision = 1): void =>
    workloads[kind].upsert({ key: `shop/${uid}`, owned: { uid, ownerUid, revision, createdAtMs: 0 } });

  it('are the ReplicaSets of a Deployment, newest first, and itself', () => {
    own('ReplicaSet', 'rs-1', 'web', 1);
    own('ReplicaSet', 'rs-2', 'web', 2);
    own('ReplicaSet', 'rs-3', 'api', 3);
    expect(ownersOf(workloads, web, { uid: 'web' }, [])).to.deep.equal(['rs-2', 'rs-1', 'web']);
  });

  it('are a StatefulSet itself', () => {
    const target = { ...web, kind: 'StatefulSet' };
    expect(ownersOf(workloads, target, { uid: 'db' }, [podOf('db')])).to.deep.equal(['db']);
  });

  it('are the ReplicaSets of any kind with a scale, and what its workloads own', () => {
    own('ReplicaSet', 'rs-1', 'web');
    expect(ownersOf(workloads, rollout, { uid: 'web' }, [podOf('rs-1')])).to.deep.equal(['rs-1', 'web']);
    own('Deployment', 'inner', 'revision');
    own('ReplicaSet', 'rs-2', 'inner');
    expect(ownersOf(workloads, rollout, { uid: 'revision' }, [podOf('rs-2')])).to.deep.equal([
      'rs-2',
      'inner',
      'revision',
    ]);
  });

  it('are not known where something that is not watched stands between', () => {
    expect(ownersOf(workloads, rollout, { uid: 'web' }, [podOf('somebody')])).to.equal(undefined);
    expect(ownersOf(workloads, web, { uid: 'web' }, [podOf('somebody')])).to.deep.equal(['web']);
  });

  it('are not known while the ReplicaSets are not, or the target tells no uid', () => {
    expect(ownersOf(workloads, web, {}, [])).to.equal(undefined);
    expect(ownersOf({ Deployment: workloads.Deployment }, web, { uid: 'web' }, [])).to.equal(undefined);
    current = false;
    expect(ownersOf(workloads, web, { uid: 'web' }, [])).to.equal(undefined);
  });

  it('end where two own each other', () => {
    own('ReplicaSet', 'a', 'b');
    own('ReplicaSet', 'b', 'a');
    expect(ownersOf(workloads, web, { uid: 'a' }, [])).to.deep.equal(['b', 'a']);
  });
});
