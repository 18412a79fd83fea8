/**
 * `npm test`: every test. Two halves run beside each other, since the integration tests mostly wait: for pods, for windows, for
 * processes to end. Their output is printed one after the other. `npm test -- ARGUMENTS` is mocha with those arguments.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const mochaBin = fileURLToPath(new URL('../node_modules/mocha/bin/mocha.js', import.meta.url));
const integration = 'test/integration/**/*.test.ts';
const halves = [['test/**/*.test.ts', '--ignore', integration], [integration]];

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
  const [first = [], second = []] = halves;
  const beside = mocha(second, false);
  const { code } = await mocha(first, true);
  process.stdout.write('\n== integration, which ran beside these\n');
  const { code: besideCode, output } = await beside;
  process.stdout.write(output);
  process.exitCode = Math.max(code, besideCode);
}
