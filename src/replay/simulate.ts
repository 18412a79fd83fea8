import type { Policy } from '../decide/policy.ts';
import { boundsAt } from '../decide/schedules/bounds.ts';
import type { Snapshot } from '../decide/snapshot.ts';
import { seededRandom } from '../lib/random.ts';
import { SimulatedController } from './simulation/controller.ts';
import { Fleet, ownerUid } from './simulation/fleet.ts';
import { Measurements } from './simulation/measurements.ts';
import { appOf, defaultSimulationOptions, defaultSyncPeriodSeconds } from './simulation/model.ts';
import type { Outage, SimulationInput, Strangers } from './simulation/model.ts';
import { sourceOf, strangerPods } from './simulation/readings.ts';
import type { SimulatedSource } from './simulation/readings.ts';
import { Tally } from './simulation/tally.ts';
import type { Change, SimulationSample, SimulationTotals } from './simulation/tally.ts';
import { Traffic } from './simulation/traffic.ts';

/** What a policy would have done. */
export interface Simulation {
  /** One for each decision of the policy. */
  readonly samples: readonly SimulationSample[];
  /** The decisions for another count. */
  readonly changes: readonly Change[];
  readonly totals: SimulationTotals;
}

/** Seconds before the load begins in which its first rate is there already, so that there is something measured. */
const preludeSeconds = 120;

/**
 * Runs a policy on a load, second by second, until the load is over. The decisions and what follows from them are the operator's
 * own code (decide, plan, settle); pods, load and measurements are a model. The same input gives the same result.
 */
export function simulate(input: SimulationInput): Simulation {
  const stage = new Stage(input);
  const seconds = Math.ceil(stage.traffic.curve.durationMs / 1000);
  for (let second = -preludeSeconds; second < seconds; second += 1) stage.run(second);
  const { samples, changes, totals } = stage.tally;
  return { samples, changes, totals };
}

interface Actor {
  readonly controller: SimulatedController;
  readonly sources: readonly SimulatedSource[];
}

/** The app, what comes to it, and who scales it. */
class Stage {
  readonly traffic: Traffic;
  readonly tally: Tally;
  readonly #input: SimulationInput;
  readonly #fleet: Fleet;
  readonly #measurements: Measurements;
  /** The policy's first. */
  readonly #actors: readonly Actor[];

  constructor(input: SimulationInput) {
    const { policy, profile, startMs, seed = 1, measuring } = input;
    const app = appOf(input.app);
    const container = containerOf(policy);
    this.#input = input;
    this.traffic = new Traffic(app, profile, seededRandom(seed, 'arrivals'));
    this.#measurements = new Measurements(measuring ?? { everySeconds: 15, delaySeconds: 5 });
    this.#fleet = new Fleet(app, seededRandom(seed, 'starts'), container);
    const replicas = input.startReplicas ?? Math.max(1, boundsAt(policy, startMs).minReplicas);
    this.#fleet.begin(replicas, startMs);
    this.tally = new Tally(replicas);
    this.#actors = [policy, ...(input.beside ?? [])].map((one) => actorOf(one, input, container));
  }

  run(second: number): void {
    const nowMs = this.#input.startMs + second * 1000;
    if (second >= 0)
      for (const [index, actor] of this.#actors.entries())
        if (actor.controller.isDue(nowMs)) this.#tick(actor, nowMs, index === 0);
    const served = this.traffic.serve(second, this.#fleet, nowMs);
    this.#measurements.add(served, this.#fleet, nowMs + 1000);
    this.#backlog = served.backlog;
    if (second >= 0) this.tally.second(served, this.#fleet.size);
  }

  #backlog = 0;

  #tick(actor: Actor, nowMs: number, isOurs: boolean): void {
    const atMs = nowMs - this.#input.startMs;
    const ticked = actor.controller.tick(this.#look(actor, nowMs), nowMs);
    const { scaledTo } = ticked;
    if (scaledTo !== undefined) {
      this.tally.wrote(atMs, this.#fleet.size, scaledTo);
      this.#fleet.scaleTo(scaledTo, nowMs);
    }
    if (!isOurs) return;
    this.tally.decided(ticked, {
      atMs,
      loadPerSecond: this.traffic.curve.rateAt(atMs),
      replicas: this.#fleet.size,
      readyReplicas: this.#fleet.ready(nowMs).length,
      desiredReplicas: ticked.decision.desiredReplicas,
      backlog: this.#backlog,
      shortSeconds: 0,
    });
  }

  #look({ sources }: Actor, nowMs: number): Omit<Snapshot, 'status'> {
    const fleet = this.#fleet;
    const { startMs, signals = [] } = this.#input;
    const second = (nowMs - startMs) / 1000;
    const measurement = this.#measurements.read(nowMs);
    const strangers = this.#input.strangers?.find((one) => isDuring(one, second));
    const value = { specReplicas: fleet.size, statusReplicas: fleet.size, selector: 'app=web' };
    const pods = fleet.facts(nowMs);
    const [like] = pods;
    return {
      target: { ok: true, value },
      pods: like === undefined ? pods : [...strangerPods(strangers, like, startMs), ...pods],
      metrics: sources.map((read, metric) => {
        const outage = this.#input.outages?.find((one) => one.metric === metric && isDuring(one, second));
        const signal = signals[metric] ?? 'Load';
        return read({ measurement, fleet, nowMs, strangers, signal, outage: outage?.reads });
      }),
      otherAutoscalers: [],
      owners: [ownerUid, 'deployment'],
    };
  }
}

function actorOf(policy: Policy, input: SimulationInput, container: string): Actor {
  const { options = defaultSimulationOptions, syncPeriodSeconds = defaultSyncPeriodSeconds } = input;
  const periodMs = (policy.syncPeriodSeconds ?? syncPeriodSeconds) * 1000;
  return {
    controller: new SimulatedController(policy, options, periodMs, input.startMs),
    sources: policy.metrics.map((spec) => sourceOf(spec, container)),
  };
}

/** The one container of a pod bears the name that a metric asks for. */
function containerOf({ metrics }: Policy): string {
  return metrics.find((spec) => spec.type === 'ContainerResource')?.container ?? 'app';
}

function isDuring({ fromSeconds, toSeconds }: Outage | Strangers, second: number): boolean {
  return second >= fromSeconds && second < toSeconds;
}
