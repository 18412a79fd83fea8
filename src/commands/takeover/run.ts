import { setTimeout as sleep } from 'node:timers/promises';
import { play } from '../../migrate/takeover/play.ts';
import type { Pair } from '../../migrate/takeover/carry-out.ts';
import type { Scene } from '../../migrate/takeover/scene.ts';
import { handbackStep, takeoverStep, type Step } from '../../migrate/takeover/steps.ts';
import { KubeError } from '../../kube/errors.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { wrap } from '../../report/decision-view.ts';
import type { Io } from '../io.ts';
import { openPlace } from '../place.ts';
import type { PlaceFlags } from '../place-flags.ts';
import { handbackReport, indent, stepLine, takeoverReport, type Report } from './words.ts';

interface CommonFlags extends PlaceFlags {
  readonly confirm: boolean;
  readonly output: 'text' | 'json';
}

export interface TakeoverFlags extends CommonFlags {
  /** Percent. */
  readonly minAgreement: number;
  readonly minTicks: number;
  /** Milliseconds. */
  readonly timeout: number;
}

export type HandbackFlags = CommonFlags;

/** Between two looks at the cluster. */
const lookMs = 1000;
/** An operator that runs looks at a changed object at once, and a finalizer is somebody's who runs. */
const shortMs = 60_000;
const shortWaits: Partial<Readonly<Record<Step, number>>> = {
  AwaitOperator: shortMs,
  AwaitHpaGone: shortMs,
  AwaitControl: shortMs,
  AwaitAutoscalerGone: shortMs,
};

/** @returns the process's exit code @throws UserError when it cannot be done */
export async function runTakeover(name: string, flags: TakeoverFlags, io: Io): Promise<number> {
  const { minTicks, minAgreement, confirm } = flags;
  const agreement = { ticks: minTicks, ratio: minAgreement / 100 };
  const waits = { ...shortWaits, AwaitAgreement: flags.timeout };
  return withPair(name, flags, io, async (pair) => {
    const { namespace } = pair;
    const options = { reference: `hpa/${name}`, namespace, confirm, agreement };
    const next = (scene: Scene): Step => takeoverStep(scene, options);
    const end = await follow(pair, next, { io, waits, wanted: agreement.ticks });
    return print(takeoverReport({ ...pair, ...end, agreement }), flags, io);
  });
}

/** @returns the process's exit code @throws UserError when it cannot be done */
export async function runHandback(name: string, flags: HandbackFlags, io: Io): Promise<number> {
  const { confirm } = flags;
  return withPair(name, flags, io, async (pair) => {
    const next = (scene: Scene): Step => handbackStep(scene, { ...pair, confirm });
    const end = await follow(pair, next, { io, waits: shortWaits, wanted: 0 });
    return print(handbackReport({ ...pair, ...end }), flags, io);
  });
}

async function withPair(
  name: string,
  flags: CommonFlags,
  { signal }: Io,
  run: (pair: Pair) => Promise<number>,
): Promise<number> {
  const { client, namespace } = openPlace(flags);
  try {
    return await run({ client, namespace, name, signal });
  } catch (cause) {
    if (signal.aborted)
      throw new UserError('interrupted; run it again to go on, or plimsoll handback to undo', {
        exitCode: 130,
        cause,
      });
    if (!(cause instanceof KubeError)) throw cause;
    throw new UserError(
      `${errorMessage(cause)}; nothing is lost: run it again to go on, or plimsoll handback to undo`,
      { cause },
    );
  } finally {
    await client.close();
  }
}

interface Following {
  readonly io: Io;
  /** How long each wait may take, in milliseconds. */
  readonly waits: Partial<Readonly<Record<Step, number>>>;
  /** Evaluations that the shadow must have. */
  readonly wanted: number;
}

interface End {
  readonly scene: Scene;
  /** The wait that took too long. */
  readonly gaveUp?: Step;
}

/** Plays the steps to their end, and tells each on stderr once; a wait whenever something of it has changed. */
async function follow(pair: Pair, next: (scene: Scene) => Step, following: Following): Promise<End> {
  const { io, waits, wanted } = following;
  const steps = play(pair, { next, pause: () => sleep(lookMs, undefined, { signal: io.signal }) });
  let told = '';
  let waitedFor: Step | undefined;
  let sinceMs = performance.now();
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return { scene: value };
    const { step, scene } = value;
    if (step !== waitedFor) sinceMs = performance.now();
    waitedFor = step;
    const limitMs = waits[step];
    if (limitMs !== undefined && performance.now() - sinceMs >= limitMs) return { scene, gaveUp: step };
    const line = stepLine(step, pair, scene, wanted);
    if (line !== told) io.stderr.write(`${fitted(line, '  ')}\n`);
    told = line;
  }
}

/** @returns the process's exit code */
function print({ json, lines, exitCode }: Report, { output }: CommonFlags, { stdout }: Io): number {
  const text = lines.map((line) => fitted(line, line.startsWith(' ') ? indent : '  ')).join('\n');
  stdout.write(output === 'json' ? `${JSON.stringify(json)}\n` : `${text}\n`);
  return exitCode;
}

/** In lines of 80 columns, also where nobody looks: what tells apart a row from its rest is the indent. */
function fitted(line: string, further: string): string {
  return wrap(line, 80, further).join('\n');
}
