import { expect } from 'chai';
import { PassThrough, Writable } from 'node:stream';
import { run } from '../../src/commands/program.ts';
import { Screen } from '../report/screen.ts';
import { TestCluster } from '../support/cluster.ts';
import { type CommandResult, runInProcess } from '../support/in-process.ts';
import { kubeconfigText, sendJson, startLocalApi, temporaryFile } from '../support/local-api.ts';
import { eventually } from '../support/wait.ts';

/** A terminal with a screen that can be looked at, and a keyboard. */
class Terminal {
  readonly screen = new Screen();
  readonly keyboard = Object.assign(new PassThrough(), {
    isTTY: true,
    raw: false,
    setRawMode(raw: boolean) {
      this.raw = raw;
    },
  });
  readonly stdout = Object.assign(
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.screen.write(chunk.toString());
        done();
      },
    }),
    { isTTY: true, columns: 80, rows: 24 },
  );
  /** What was written to stderr, which is the same terminal. */
  progress = '';
  readonly stderr = Object.assign(
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.progress += chunk.toString();
        this.screen.write(chunk.toString());
        done();
      },
    }),
    { isTTY: true, columns: 80, rows: 24 },
  );

  /** Runs a command on it. */
  async run(argv: readonly string[], signal = new AbortController().signal): Promise<number> {
    const io = {
      stdin: this.keyboard,
      stdout: this.stdout,
      stderr: this.stderr,
      env: { NO_COLOR: '1' },
      signal,
    };
    return run(argv, { ...io, onExit: () => undefined });
  }

  async shows(pattern: RegExp): Promise<void> {
    try {
      await eventually(`${pattern}`, () => pattern.test(this.screen.text.join('\n')), 20_000);
    } catch (cause) {
      throw new Error(`on the screen was:\n${this.screen.text.join('\n')}`, { cause });
    }
  }
}

describe('plimsoll watch', () => {
  let cluster: TestCluster;
  let kubeconfig: string;
  before(async () => {
    cluster = await TestCluster.start();
    kubeconfig = temporaryFile('kubeconfig', kubeconfigText(cluster.server.url));
    for (const name of ['web', 'api']) {
      cluster.deploy(name, 3);
      cluster.autoscale(name);
      setStatus(name, { currentReplicas: 3, desiredReplicas: 3 });
    }
    cluster.load('web', 40);
  });
  after(async () => cluster.close());

  function setStatus(name: string, status: object): void {
    cluster.api.patch('customautoscalers.plimsoll.dev', 'default', name, 'merge', { status }, 'status');
  }

  const watch = async (...flags: string[]): Promise<CommandResult> =>
    runInProcess(['watch', ...flags, '--kubeconfig', kubeconfig]);

  /** What the watch of `web` prints while something is done. */
  async function linesWhile(doing: (text: () => string) => Promise<void>): Promise<string> {
    let printed = '';
    const write = (chunk: Buffer, _encoding: string, done: () => void): void => {
      printed += chunk.toString();
      done();
    };
    const stop = new AbortController();
    const [stdin, stdout, stderr] = [new PassThrough(), new Writable({ write }), new PassThrough()];
    const io = { stdin, stdout, stderr, env: {}, signal: stop.signal, onExit: () => undefined };
    const running = run(['watch', 'web', '--kubeconfig', kubeconfig], io);
    await doing(() => printed);
    stop.abort();
    expect(await running).to.equal(0);
    return printed;
  }

  describe('in lines', () => {
    it('prints each autoscaler once, and a line for each change', async () => {
      const stdout = await linesWhile(async (text) => {
        await eventually('a first line', () => text().includes('web 3 steady'));
        setStatus('web', { desiredReplicas: 6 });
        await eventually('a line for the change', () => text().includes('web 3→6'));
      });
      expect(stdout).to.match(
        /^\d\d:\d\d:\d\d web 3 steady cpu=\S+\/50%\n(?:.*\n)*?\d\d:\d\d:\d\d web 3→6 cpu=\S+\/50%\n/,
      );
      expect(stdout.match(/3→6/g)).to.have.length(1);
      setStatus('web', { desiredReplicas: 3 });
    });

    it('prints one object a line with --output json', async () => {
      const { stdout } = await watch('-A', '-o', 'json', '--timeout', '1s');
      const records = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(records.map(({ namespace, name, type }) => [namespace, name, type])).to.deep.equal([
        ['default', 'api', 'State'],
        ['default', 'web', 'State'],
      ]);
    });
  });

  describe('on a terminal', () => {
    it('shows all, opens one, goes back, and leaves the terminal as it was', async () => {
      const terminal = new Terminal();
      terminal.screen.write('$ plimsoll watch\n');
      const running = terminal.run(['watch', '--kubeconfig', kubeconfig]);
      await terminal.shows(/2 autoscalers in namespace default[^]*▸ api +● steady/);
      expect(terminal.keyboard.raw).to.equal(true);
      terminal.keyboard.write('\u001b[B\r');
      await terminal.shows(
        /^web {2}Deployment\/web in default .*● steady[^]*ready 3\/3[^]*web-0 +● Ready +\S+ +40m/,
      );
      terminal.keyboard.write('?');
      await terminal.shows(/back and forth in time/);
      terminal.keyboard.write('\u001b');
      terminal.keyboard.write('p');
      await terminal.shows(/‖ \ds ago[^]*web-0/);
      terminal.keyboard.write('p\u001b');
      await terminal.shows(/▸ web/);
      terminal.keyboard.write('q');
      expect(await running).to.equal(0);
      expect(terminal.screen.text).to.deep.equal(['$ plimsoll watch']);
      expect(terminal.screen.cursorVisible).to.equal(true);
      expect(terminal.keyboard.raw).to.equal(false);
    });

    it('says what it connects to until there is something to show, and takes that back', async () => {
      const listing = Promise.withResolvers<undefined>();
      const list = { items: [], metadata: { resourceVersion: '1' } };
      const slow = await startLocalApi((_request, response) => {
        void listing.promise.then(() => {
          sendJson(response, 200, list);
        });
      });
      const terminal = new Terminal();
      const file = temporaryFile('kubeconfig', kubeconfigText(slow.url));
      const running = terminal.run(['watch', '--kubeconfig', file]);
      await terminal.shows(new RegExp(`^connecting to ${slow.url} \\.\\.\\.`));
      listing.resolve(undefined);
      await terminal.shows(/0 autoscalers in namespace default/);
      terminal.keyboard.write('q');
      expect(await running).to.equal(0);
      expect(terminal.screen.text.join('')).to.equal('');
      expect(terminal.progress).to.equal(`connecting to ${slow.url} ...\r\u001b[2K`);
      await slow.close();
    });

    it('leaves the terminal as it was when a signal ends it', async () => {
      const terminal = new Terminal();
      const interrupt = new AbortController();
      const running = terminal.run(['watch', 'web', '--kubeconfig', kubeconfig], interrupt.signal);
      await terminal.shows(/Deployment\/web/);
      interrupt.abort();
      expect(await running).to.equal(0);
      expect(terminal.screen.text).to.deep.equal([]);
      expect(terminal.screen.cursorVisible).to.equal(true);
      expect(terminal.keyboard.raw).to.equal(false);
    });

    it('keeps showing one that was deleted, and says so', async () => {
      cluster.deploy('gone', 1);
      cluster.autoscale('gone');
      const terminal = new Terminal();
      const running = terminal.run(['watch', 'gone', '--kubeconfig', kubeconfig]);
      await terminal.shows(/gone-0/);
      cluster.api.delete('customautoscalers.plimsoll.dev', 'default', 'gone');
      await terminal.shows(/✗ deleted[^]*the autoscaler was deleted/);
      terminal.keyboard.write('q');
      expect(await running).to.equal(0);
    });
  });

  describe('refuses', () => {
    it('a name that is not there, naming those that are', async () => {
      const { code, stderr } = await watch('wbe');
      expect({ code, stderr }).to.deep.equal({
        code: 2,
        stderr: 'plimsoll: namespace default has no CustomAutoscaler wbe; it has: api, web\n',
      });
    });

    it('flags that contradict each other', async () => {
      expect((await watch('web', '-A')).stderr).to.match(/web: may not be named with --all-namespaces/);
      expect((await watch('-A', '-n', 'shop')).stderr).to.match(/--namespace shop: may not be given with/);
    });

    it('a cluster that does not know the kind', async () => {
      const bare = await TestCluster.start(0, { crds: false });
      try {
        const file = temporaryFile('kubeconfig', kubeconfigText(bare.server.url));
        const { code, stderr } = await runInProcess(['watch', '--kubeconfig', file]);
        expect(stderr).to.match(/does not know CustomAutoscalers; install .*kubectl apply -f crds\//);
        expect(code).to.equal(2);
      } finally {
        await bare.close();
      }
    });

    it('a cluster that is not there', async () => {
      const file = temporaryFile('kubeconfig', kubeconfigText('http://127.0.0.1:9'));
      const { code, stderr } = await runInProcess(['watch', '--kubeconfig', file]);
      expect(stderr).to.match(
        /^plimsoll: cannot watch the cluster at http:\/\/127\.0\.0\.1:9: .*check --kubeconfig/,
      );
      expect(code).to.equal(2);
    });

    it('what this user may not read', async () => {
      const message = 'customautoscalers.plimsoll.dev is forbidden: User "eve" cannot list resource';
      const status = { kind: 'Status', status: 'Failure', reason: 'Forbidden', code: 403, message };
      const api = await startLocalApi((_request, response) => {
        sendJson(response, 403, status);
      });
      try {
        const file = temporaryFile('kubeconfig', kubeconfigText(api.url));
        const { stderr } = await runInProcess(['watch', '-A', '--kubeconfig', file]);
        expect(stderr).to.contain(`may not watch: ${message}; try a single namespace with --namespace`);
      } finally {
        await api.close();
      }
    });
  });
});
