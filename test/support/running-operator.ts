import { systemClock } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { runOperator } from '../../src/operator/operator.ts';
import { defaultOperatorOptions } from '../../src/operator/options.ts';
import type { OperatorOptions } from '../../src/operator/options.ts';
import { kubeconfigText, temporaryFile } from './local-api.ts';

/** An operator at work against a server, deciding each second unless told otherwise. Every test stops it. */
export class RunningOperator {
  /** Log lines, parsed. */
  readonly logs: Record<string, unknown>[] = [];
  url = '';
  readonly #controller = new AbortController();
  #done!: Promise<void>;

  /** @throws what `runOperator` throws at the start */
  static async start(
    server: string,
    options: Partial<OperatorOptions> = {},
    clock: Clock = systemClock,
  ): Promise<RunningOperator> {
    const running = new RunningOperator();
    await running.#start(
      {
        ...defaultOperatorOptions,
        kubeconfig: temporaryFile('kubeconfig', kubeconfigText(server)),
        syncPeriodMs: 1000,
        bindAddress: { host: '127.0.0.1', port: 0 },
        ...options,
      },
      clock,
    );
    return running;
  }

  async #start(options: OperatorOptions, clock: Clock): Promise<void> {
    const write = (line: string): number => this.logs.push(JSON.parse(line) as Record<string, unknown>);
    const logger = createLogger({ format: 'json', level: 'debug', stream: { write } });
    await new Promise<void>((resolve, reject) => {
      const onListening = (url: string): void => {
        this.url = url;
        resolve();
      };
      this.#done = runOperator(options, { signal: this.#controller.signal, logger, clock, onListening });
      this.#done.catch(reject);
    });
  }

  async get(path: string): Promise<{ status: number; text: string }> {
    const response = await fetch(this.url + path);
    return { status: response.status, text: await response.text() };
  }

  async metrics(): Promise<string> {
    return (await this.get('/metrics')).text;
  }

  async stop(): Promise<void> {
    this.#controller.abort();
    await this.#done;
  }
}

/** The operators that a test has started, to be stopped together in its end. */
export class RunningOperators {
  readonly #running: RunningOperator[] = [];

  /** As `RunningOperator.start`. */
  async start(...given: Parameters<typeof RunningOperator.start>): Promise<RunningOperator> {
    const started = await RunningOperator.start(...given);
    this.#running.push(started);
    return started;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((each) => each.stop()));
  }
}
