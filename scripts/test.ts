/**
 * `npm test`: every test. Three parts run beside each other, since those with a whole cluster or an operator mostly wait: for pods, for
 * windows, for processes to end. Their output is printed one after the other. `npm test -- ARGUMENTS` is mocha with those arguments.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const mochaBin = fileURLToPath(new URL('../node_modules/mocha/bin/mocha.js', import.meta.url));

/** What mostly waits, by what it is; all else is the part that is shown as it runs. */
const waiting = {
  'apps under load':
    'test/integration/{demo,four-ways,load-cluster,operator-restart,prometheus,request-rates}*.test.ts',
  'operators and clusters': 'test/{operator,migrate,kubernetes,devcluster}/**/*.test.ts',
};

/** Mocha as a process of its own. @returns its exit code, and what it printed where it did not print to the terminal itself */
async function mocha(args: readonly string[], shown: boolean): Promise<{ code: number; output: string }> {
  const color = process.stdout.isTTY ? ['--color'] : [];
  const child = spawn(process.execPath, [mochaBin, ...color, ...args], {
    stdio: shown ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => void chunks.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  process.off('SIGINT', pass).off('SIGTERM', pass);
  return { code: code ?? 1, output: Buffer.concat(chunks).toString() };
}

const given = process.argv.slice(2);
if (given.length > 0) process.exitCode = (await mocha(given, true)).code;
else {
  const ignored = Object.values(waiting).flatMap((files) => ['--ignore', files]);
  const beside = Object.entries(waiting).map(([name, files]) => ({ name, run: mocha([files], false) }));
  const codes = [(await mocha(['test/**/*.test.ts', ...ignored], true)).code];
  for (const { name, run } of beside) {
    process.stdout.write(`\n== ${name}, which ran beside these\n`);
    const { code, output } = await run;
    process.stdout.write(output);
    codes.push(code);
  }
  process.exitCode = Math.max(...codes);
}
