import { expect } from 'chai';
import { advise } from '../../src/decide/advice.ts';
import { decide } from '../../src/decide/decide.ts';
import type { Policy } from '../../src/decide/policy.ts';
import type { FieldWriter, TargetScale } from '../../src/decide/snapshot.ts';
import type { Condition } from '../../src/decide/status.ts';
import * as given from './builders.ts';

const { now, minutes } = given;
const argo: FieldWriter = { manager: 'argocd-controller', operation: 'Apply', atMs: now - minutes };
const kubectl: FieldWriter = { manager: 'kubectl-client-side-apply', operation: 'Update', atMs: now };
const byHand: FieldWriter = { manager: 'kubectl', operation: 'Update', subresource: 'scale', atMs: now };

const suspend = { scaleUp: true, scaleDown: true };

interface Seen {
  readonly writers?: readonly FieldWriter[];
  readonly lastScaleAtMs?: number;
  readonly createdAtMs?: number;
  readonly known?: Condition;
  readonly nowMs?: number;
  readonly policy?: Partial<Policy>;
}

function tell({
  writers,
  lastScaleAtMs,
  createdAtMs,
  known,
  nowMs = now,
  policy = {},
}: Seen): Condition | undefined {
  const facts: Partial<TargetScale> = {
    ...(writers && { replicaWriters: writers }),
    ...(createdAtMs !== undefined && { createdAtMs }),
  };
  const status = {
    ...given.noStatus,
    ...(lastScaleAtMs !== undefined && { lastScaleAtMs }),
    conditions: known === undefined ? [] : [known],
  };
  const target = { ok: true, value: given.scale(2, facts) } as const;
  const snapshot = given.snapshot(2, [given.usages(500, 500)], { target, status });
  const input = { ...given.input({ snapshot, policy: given.policy(policy) }), nowMs };
  const after = advise(status, { ...input, decision: decide(input) });
  return after.conditions.find(({ type }) => type === 'ForeignWriter');
}

describe('a foreign writer', () => {
  const told: Readonly<Record<string, Seen>> = {
    'who applies the count, before the first scale': { writers: [argo] },
    'who writes after the last scale': { writers: [kubectl], lastScaleAtMs: now - minutes },
    'who scales by hand': { writers: [byHand], lastScaleAtMs: now },
    'who applies the count in a pause': {
      writers: [argo],
      lastScaleAtMs: now,
      policy: { mode: 'Paused', suspend },
    },
    'who scales by hand after a pause': {
      writers: [byHand],
      lastScaleAtMs: now,
      policy: { mode: 'Paused', suspend: { ...suspend, untilMs: now } },
    },
  };
  for (const [sentence, seen] of Object.entries(told))
    it(`is somebody ${sentence}`, () =>
      expect(tell(seen)).to.include({ status: 'True', reason: 'ReplicasWritten' }));

  const quiet: Readonly<Record<string, Seen>> = {
    'whoever created the target with a count': { writers: [kubectl] },
    'whoever wrote before the last scale': {
      writers: [{ ...kubectl, atMs: now - minutes }],
      lastScaleAtMs: now,
    },
    'whoever created the target anew': {
      writers: [kubectl],
      lastScaleAtMs: now - minutes,
      createdAtMs: now - 1000,
    },
    'an HPA that is gone': {
      writers: [{ manager: 'kube-controller-manager', operation: 'Update', subresource: 'scale', atMs: now }],
      lastScaleAtMs: now - minutes,
    },
    'whoever scales by hand in a pause': {
      writers: [byHand, kubectl],
      lastScaleAtMs: now - minutes,
      policy: { mode: 'Paused', suspend },
    },
    'whoever scales by hand beside a dry run': {
      writers: [byHand, kubectl],
      lastScaleAtMs: now - minutes,
      policy: { mode: 'DryRun' },
    },
    nobody: { writers: [], lastScaleAtMs: now - minutes },
    'anybody where managedFields are not seen': { lastScaleAtMs: now - minutes },
  };
  for (const [sentence, seen] of Object.entries(quiet))
    it(`is not ${sentence}`, () => expect(tell(seen)).to.equal(undefined));

  it('is named with the way, the time and what to do', () => {
    expect(tell({ writers: [argo, kubectl], lastScaleAtMs: now })?.message).to.equal(
      'spec.replicas of Deployment web is also written by argocd-controller (Apply at 2000-01-01T11:59:00Z), kubectl-client-side-apply (Update at 2000-01-01T12:00:00Z); leave replicas out of what is applied, or it is reset each time',
    );
    expect(tell({ writers: [byHand], lastScaleAtMs: now })?.message).to.equal(
      'spec.replicas of Deployment web is also written by kubectl (Update of scale at 2000-01-01T12:00:00Z); what it sets is scaled over',
    );
  });

  it('is told of for an hour after it was first seen, though our own write took the field back', () => {
    const known = tell({ writers: [argo] })!;
    const back = { writers: [], lastScaleAtMs: now, known };
    expect(tell({ ...back, nowMs: now + 59 * minutes })).to.deep.equal(known);
    expect(tell({ ...back, nowMs: now + 60 * minutes })).to.include({
      status: 'False',
      reason: 'OnlyWriter',
    });
  });
});
