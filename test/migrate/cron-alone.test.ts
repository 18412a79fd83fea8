import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parseAutoscaler } from '../../src/api/parse.ts';
import { advise } from '../../src/decide/advice.ts';
import { decide } from '../../src/decide/decide.ts';
import type { Decision } from '../../src/decide/decision.ts';
import { plan, withoutWrite } from '../../src/decide/plan.ts';
import { settle } from '../../src/decide/settle.ts';
import type { AutoscalerStatus } from '../../src/decide/status.ts';
import { convertManifests } from '../../src/migrate/convert-manifests.ts';
import { readManifests } from '../../src/migrate/manifests.ts';
import { publishedPath } from '../support/converted.ts';
import * as given from '../decide/builders.ts';

const noMetric = { type: 'Resource', usage: { ok: false, message: 'no request' } } as const;

describe("KEDA's own example of cron alone: 10 replicas by day, 0 by night", () => {
  const text = readFileSync(publishedPath('scaledobjects.yaml'), 'utf8').split('\n---\n')[0] ?? '';
  const [converted] = convertManifests(readManifests('example', text));
  const parsed = parseAutoscaler(converted?.object);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { policy } = parsed;

  it('is followed each day without any metric, and without the gate HPAScaleToZero', () => {
    let replicas = 3;
    let status: AutoscalerStatus = given.noStatus;
    let history: Decision['history'];
    const seen: string[] = [];
    for (const time of [
      '07T01:00',
      '07T05:59',
      '07T06:00',
      '07T12:00',
      '07T19:59',
      '07T20:00',
      '08T03:00',
      '08T06:00',
    ]) {
      const nowMs = Date.parse(`2030-01-${time}+05:30`); // Asia/Kolkata
      const snapshot = given.snapshot(replicas, [noMetric], { status });
      const decision = decide({ policy, snapshot, history, options: given.options, nowMs });
      const [action] = plan(decision, snapshot);
      if (action !== undefined) replicas = action.replicas;
      const settled = settle(decision, snapshot, action ? { type: 'Scaled' } : withoutWrite(decision));
      history = settled.history;
      status = advise(settled.status, { policy, snapshot, decision, options: given.options });
      seen.push(`${time} ${replicas}`);
    }
    expect(seen).to.deep.equal([
      '07T01:00 0',
      '07T05:59 0',
      '07T06:00 10',
      '07T12:00 10',
      '07T19:59 10',
      '07T20:00 0',
      '08T03:00 0',
      '08T06:00 10',
    ]);
  });
});
