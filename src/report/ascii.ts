/** What stands for the characters of our views that are not ASCII, each as wide as the character where columns depend on it. */
const substitutes: Readonly<Record<string, string>> = {
  ...{ '●': '*', '○': 'o', '▲': '^', '▼': 'v', '■': '#', '✗': 'x', '‖': '=', '▸': '>', '◀': '<' },
  ...{ '▁': '_', '▂': '.', '▃': ':', '▄': '-', '▅': '=', '▆': '+', '▇': '*', '█': '#', '░': '.' },
  ...{ '▕': '[', '▏': ']', '·': '|', '…': '~', '├': '|', '└': '`', '─': '-', '→': '->', '←': '<-' },
  ...{ '↑': '^', '↓': 'v', '≥': '>=', '≤': '<=', '×': 'x', '–': '-' },
};

/** The text for a terminal that shows ASCII only; what has no substitute is a question mark. Colour codes stay. */
export function toAscii(text: string): string {
  return text.replaceAll(/[^\u0000-\u007f]/gu, (character) => substitutes[character] ?? '?');
}
