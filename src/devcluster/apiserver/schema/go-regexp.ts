/** Go's (RE2's) regular expressions as JavaScript's: leading flags and a few escapes differ, the rest is common. */

const cache = new Map<string, RegExp>();

/**
 * Compiles a pattern once.
 * @throws SyntaxError when the pattern is not a regular expression
 */
export function goRegExp(pattern: string): RegExp {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  const [, flags = '', rest = pattern] = /^\(\?([ims]+)\)([\s\S]*)$/.exec(pattern) ?? [];
  const source = rest
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$')
    .replaceAll('(?P<', '(?<')
    .replaceAll('[[:alpha:]]', '[A-Za-z]')
    .replaceAll('[[:alnum:]]', '[A-Za-z0-9]')
    .replaceAll('[[:digit:]]', '[0-9]')
    .replaceAll('[[:space:]]', '\\s');
  const compiled = compileUnicode(source, flags);
  cache.set(pattern, compiled);
  return compiled;
}

/** In unicode mode a character is a code point, as in Go; patterns with needless escapes are only legal without it. */
function compileUnicode(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, `${flags}u`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new RegExp(source, flags);
  }
}

const messages: readonly (readonly [RegExp, (pattern: string) => string])[] = [
  [/Unterminated group/, (pattern) => `missing closing ): \`${pattern}\``],
  [/Unmatched '\)'/, (pattern) => `unexpected ): \`${pattern}\``],
  [
    /Unterminated character class/,
    (pattern) => `missing closing ]: \`${pattern.slice(pattern.indexOf('['))}\``,
  ],
  [
    /Nothing to repeat/,
    (pattern) => `missing argument to repetition operator: \`${/[*+?]/.exec(pattern)?.[0] ?? ''}\``,
  ],
  [/\\ at end of pattern/, () => 'trailing backslash at end of expression: ``'],
];

/** What is wrong with a pattern, in Go's words; undefined when it compiles. */
export function regExpProblem(pattern: string): string | undefined {
  try {
    goRegExp(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { message } = error;
    const [, text] = messages.find(([known]) => known.test(message)) ?? [];
    return `error parsing regexp: ${text?.(pattern) ?? message}`;
  }
}
