import type { Probe } from '../controllers/objects.ts';
import { startProbeLoop } from './probes.ts';
import type { ProbeTarget } from './probes.ts';

type Kind = 'Startup' | 'Readiness' | 'Liveness';

export interface ContainerProbesOptions {
  readonly target: ProbeTarget;
  /** The container has started, or its readiness has changed. */
  readonly onChange: () => void;
  /** It did not start in time, or is alive no more. */
  readonly onUnhealthy: (kind: 'startup' | 'liveness') => void;
  /** Told of each failure. */
  readonly onFailure: (message: string) => void;
}

/** The probes of one run of a container: until its startup probe succeeds there are no others. */
export class ContainerProbes {
  readonly #options: ContainerProbesOptions;
  #loops: { stop(): void }[] = [];
  #started: boolean;
  #ready = false;

  constructor(options: ContainerProbesOptions) {
    this.#options = options;
    this.#started = options.target.container.startupProbe === undefined;
  }

  get started(): boolean {
    return this.#started;
  }

  get ready(): boolean {
    return this.#ready;
  }

  start(): void {
    const { startupProbe } = this.#options.target.container;
    if (startupProbe) this.#probe('Startup', startupProbe);
    else this.#begin();
  }

  stop(): void {
    for (const loop of this.#loops) loop.stop();
    this.#loops = [];
  }

  #begin(): void {
    const { readinessProbe, livenessProbe } = this.#options.target.container;
    this.#started = true;
    this.#ready = readinessProbe === undefined;
    if (readinessProbe) this.#probe('Readiness', readinessProbe);
    if (livenessProbe) this.#probe('Liveness', livenessProbe);
  }

  #probe(kind: Kind, probe: Probe): void {
    const { target, onUnhealthy, onFailure } = this.#options;
    const verdicts = {
      Startup: { success: () => this.#startedUp(), failure: () => onUnhealthy('startup') },
      Readiness: { success: () => this.#setReady(true), failure: () => this.#setReady(false) },
      Liveness: { success: () => undefined, failure: () => onUnhealthy('liveness') },
    };
    const loop = startProbeLoop({
      probe,
      target,
      onVerdict: (verdict) => verdicts[kind][verdict](),
      onFailure: (message) => onFailure(`${kind} probe failed: ${message}`),
    });
    this.#loops.push(loop);
  }

  #startedUp(): void {
    this.stop();
    this.#begin();
    this.#options.onChange();
  }

  #setReady(ready: boolean): void {
    this.#ready = ready;
    this.#options.onChange();
  }
}
