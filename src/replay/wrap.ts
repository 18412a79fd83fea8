/** A text beside its start, broken between words; further lines stand under the first. A word that is too long stays whole. */
export function wrap(start: string, text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    if (line !== '' && start.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  const indent = ' '.repeat(start.length);
  return [...lines, line].map((one, index) => ((index === 0 ? start : indent) + one).trimEnd()).join('\n');
}
