import { errorMessage } from '../../lib/errors.ts';
import type { ClusterApi } from '../cluster-api.ts';
import type { EventRecorder } from '../controllers/events.ts';
import type { Container, ContainerStatus, Handler, Pod } from '../controllers/objects.ts';
import type { Phase } from './container-phase.ts';
import { notMappedHint, pulledMessage, stateOf } from './container-phase.ts';
import { ContainerProbes } from './container-probes.ts';
import type { PodPlace } from './environment.ts';
import { environmentOf, expand } from './environment.ts';
import type { ImageTable } from './images.ts';
import { programOf } from './images.ts';
import { LogBuffer } from './log-buffer.ts';
import { probeOnce } from './probes.ts';
import type { Exit, LocalProcess, ProcessGroups } from './process-groups.ts';
import { RestartBackoff } from './restart-backoff.ts';

/** What all containers of a node share. */
export interface NodeServices {
  readonly api: ClusterApi;
  readonly events: EventRecorder;
  readonly processes: ProcessGroups;
  readonly images: ImageTable;
  readonly now: () => number;
  readonly log: (line: string) => void;
  /** First delay of a crash loop in ms. */
  readonly restartBackoffMs: number;
  readonly parentEnvironment: Readonly<Record<string, string | undefined>>;
  /** What the network adds to the environment of a pod at this address. */
  readonly networkEnvironment: (pod: Pod, podIP: string) => Readonly<Record<string, string>>;
}

export interface ContainerOptions {
  readonly pod: () => Pod;
  readonly container: Container;
  readonly place: PodPlace;
  readonly services: NodeServices;
  /** Whether a container that ended with this code is started again. */
  readonly shouldRestart: (exitCode: number) => boolean;
  readonly onChange: () => void;
}

/** One container of a pod: its process, its probes, its restarts and its log. */
export class ContainerRunner {
  readonly #options: ContainerOptions;
  readonly #backoff: RestartBackoff;
  #phase: Phase = { name: 'waiting', reason: 'ContainerCreating' };
  #lastEnd: Extract<Phase, { name: 'ended' }> | undefined;
  #log = new LogBuffer();
  #previousLog: LogBuffer | undefined;
  /** Of the present run, or the last one. */
  #probes: ContainerProbes | undefined;
  #env: Record<string, string> = {};
  #restarts = 0;
  #stopping = false;
  #restartTimer: NodeJS.Timeout | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  /** When the process that is being ended is killed, by performance.now(). */
  #killAtMs = Infinity;
  #starting: Promise<void> = Promise.resolve();

  constructor(options: ContainerOptions) {
    this.#options = options;
    this.#backoff = new RestartBackoff({ baseMs: options.services.restartBackoffMs });
  }

  get name(): string {
    return this.#options.container.name;
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.#phase.name === 'running' ? this.#phase.process.pid : undefined;
  }

  /** The exit code when the container has ended and will not be started again. */
  get finalExitCode(): number | undefined {
    if (this.#phase.name !== 'ended') return undefined;
    const { exitCode } = this.#phase.exit;
    return this.#stopping || !this.#options.shouldRestart(exitCode) ? exitCode : undefined;
  }

  /** The log of this run or of the one before; undefined where there was none. */
  log(previous: boolean): LogBuffer | undefined {
    if (previous) return this.#previousLog;
    return this.#phase.name === 'waiting' && this.#lastEnd === undefined ? undefined : this.#log;
  }

  /** Starts the process; what goes wrong is in the status and an event, and is tried again. */
  start(): Promise<void> {
    this.#starting = this.#start().catch((error: unknown) =>
      this.#cannotStart('CreateContainerError', error),
    );
    return this.#starting;
  }

  async #start(): Promise<void> {
    const { container, services, place } = this.#options;
    const pod = this.#options.pod();
    try {
      this.#env = environmentOf({
        pod,
        container,
        place,
        api: services.api,
        parent: services.parentEnvironment,
        network: services.networkEnvironment(pod, place.podIP),
      });
    } catch (error) {
      this.#cannotStart('CreateContainerConfigError', error);
      return;
    }
    const { argv, from } = programOf(container, services.images);
    this.#say(
      from === 'pause' ? 'Warning' : 'Normal',
      'Pulled',
      pulledMessage(container.image ?? '', argv, from),
    );
    const log = new LogBuffer();
    const process = await services.processes.start({
      argv: argv.map((part) => expand(part, this.#env)),
      env: this.#env,
      onOutput: (stream, chunk) => log.append(stream, chunk, services.now()),
    });
    if (this.#log !== log && this.#lastEnd) this.#previousLog = this.#log;
    this.#log = log;
    this.#say('Normal', 'Created', `Container created: ${container.name}`);
    this.#say('Normal', 'Started', `Container started: ${container.name}`);
    this.#hasRun(process);
  }

  #hasRun(process: LocalProcess): void {
    const { container, place, services, onChange } = this.#options;
    this.#phase = { name: 'running', process, startedMs: services.now() };
    this.#probes = new ContainerProbes({
      target: { container, place, processes: services.processes, env: this.#env },
      onChange,
      onUnhealthy: (kind) => this.#unhealthy(kind),
      onFailure: (message) => this.#say('Warning', 'Unhealthy', message),
    });
    void process.exited.then((exit) => this.#ended(exit));
    if (this.#stopping) process.signal('SIGKILL');
    else this.#probes.start();
    onChange();
  }

  /** Liveness or startup failed: the process is ended, and its end brings the restart. */
  #unhealthy(kind: string): void {
    if (this.#phase.name !== 'running') return;
    this.#probes?.stop();
    this.#say('Normal', 'Killing', `Container ${this.name} failed ${kind} probe, will be restarted`);
    const graceSeconds = this.#options.pod().spec.terminationGracePeriodSeconds ?? 30;
    this.#endProcess(graceSeconds * 1000);
  }

  #ended(exit: Exit): void {
    if (this.#phase.name !== 'running') return;
    const { services, shouldRestart, onChange } = this.#options;
    const { startedMs } = this.#phase;
    const endedMs = services.now();
    this.#probes?.stop();
    clearTimeout(this.#killTimer);
    this.#log.end(endedMs);
    this.#killAtMs = Infinity;
    this.#phase = { name: 'ended', exit, startedMs, endedMs };
    if (!this.#stopping && shouldRestart(exit.exitCode)) this.#restartLater(endedMs - startedMs);
    onChange();
  }

  #restartLater(ranMs: number): void {
    const delayMs = this.#backoff.nextMs(ranMs);
    if (this.#phase.name === 'ended') this.#lastEnd = this.#phase;
    if (delayMs > 0) {
      const { name, namespace = '', uid = '' } = this.#options.pod().metadata;
      const subject = `restarting failed container=${this.name} pod=${name}_${namespace}(${uid})`;
      this.#phase = {
        name: 'waiting',
        reason: 'CrashLoopBackOff',
        message: `back-off ${delayMs / 1000}s ${subject}`,
      };
      this.#say('Warning', 'BackOff', `Back-off ${subject}`);
    }
    this.#restartTimer = setTimeout(() => {
      if (this.#lastEnd) this.#restarts += 1;
      void this.start();
    }, delayMs);
  }

  #cannotStart(reason: string, error: unknown): void {
    if (this.#stopping) return;
    const { container, services, onChange } = this.#options;
    const { from } = programOf(container, services.images);
    const hint = from === 'image' || reason !== 'CreateContainerError' ? '' : ` (${notMappedHint})`;
    const message = `cannot start container ${container.name}: ${errorMessage(error)}${hint}`;
    this.#phase = { name: 'waiting', reason, message };
    this.#say('Warning', 'Failed', `Error: ${message}`);
    const delayMs = Math.max(this.#backoff.nextMs(0), services.restartBackoffMs);
    this.#restartTimer = setTimeout(() => void this.start(), delayMs);
    onChange();
  }

  /**
   * Ends the container for good: preStop, SIGTERM, and SIGKILL when the grace is over. A second call may shorten the grace.
   * @param graceMs 0 kills at once
   */
  async stop(graceMs: number): Promise<void> {
    const isFirst = !this.#stopping;
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    this.#probes?.stop();
    await this.#starting;
    if (this.#phase.name !== 'running') return;
    const { exited } = this.#phase.process;
    this.#killWithin(graceMs);
    if (isFirst) {
      this.#say('Normal', 'Killing', `Stopping container ${this.name}`);
      await this.#preStop(graceMs);
    }
    this.#endProcess(graceMs);
    await exited;
  }

  async #preStop(graceMs: number): Promise<void> {
    const { container, place, services } = this.#options;
    const handler: Handler | undefined = container.lifecycle?.preStop;
    if (!handler || graceMs === 0 || this.#phase.name !== 'running') return;
    const { exited, pid } = this.#phase.process;
    if (handler.sleep) {
      await firstOf(exited, Math.min(graceMs, handler.sleep.seconds * 1000));
      return;
    }
    const target = { container, place, processes: services.processes, env: this.#env };
    const result = await probeOnce(handler, target, graceMs);
    if (result.ok || this.pid !== pid) return;
    this.#say('Warning', 'FailedPreStopHook', `PreStopHook failed: ${result.message}`);
  }

  /** The node stops: nothing more happens here, and whoever stops the node ends the process. */
  halt(): void {
    this.#stopping = true;
    clearTimeout(this.#restartTimer);
    clearTimeout(this.#killTimer);
    this.#probes?.stop();
  }

  #endProcess(graceMs: number): void {
    if (this.#phase.name !== 'running') return;
    const { process } = this.#phase;
    this.#killWithin(graceMs);
    const leftMs = this.#killAtMs - performance.now();
    clearTimeout(this.#killTimer);
    process.signal(leftMs > 0 ? 'SIGTERM' : 'SIGKILL');
    this.#killTimer = setTimeout(() => process.signal('SIGKILL'), Math.max(0, leftMs));
  }

  /** The grace counts from the first demand, preStop included, and is never lengthened. */
  #killWithin(graceMs: number): void {
    this.#killAtMs = Math.min(this.#killAtMs, performance.now() + graceMs);
  }

  #say(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#options.services.events.record(
      this.#options.pod(),
      type,
      reason,
      message,
      `spec.containers{${this.name}}`,
    );
  }

  status(): ContainerStatus {
    const { image = '' } = this.#options.container;
    const isRunning = this.#phase.name === 'running';
    const id = this.pid ?? this.#lastEnd?.startedMs;
    return {
      name: this.name,
      state: stateOf(this.#phase),
      lastState: this.#lastEnd && this.#phase !== this.#lastEnd ? stateOf(this.#lastEnd) : {},
      ready: isRunning && this.#probes?.ready === true,
      restartCount: this.#restarts,
      image,
      imageID: '',
      ...(id !== undefined && { containerID: `process://${id}` }),
      started: isRunning && this.#probes?.started === true,
    };
  }
}

/** Waits for the end of the process, but not longer. */
async function firstOf(exited: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([exited, timeout]);
  clearTimeout(timer);
}
