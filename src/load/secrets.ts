/** What stands in the place of a credential. */
const leftOut = '(left out)';

/** Names of headers and of parameters of a URL that hold credentials, as far as a name tells. */
const secretName =
  /auth(?!or(s|$))|cookie|token|secret|pass(w|phrase|code)|pwd|credential|signature|session|assertion|jwt|key(?!word|space)|(^|[-_.])(sig|pass|pin|otp)$/i;

/** Values that are credentials under any name: those of HTTP's schemes, and signed tokens (JWT). */
const secretValue = /^\s*(bearer|basic|digest|negotiate|token)\s|\beyJ[\w-]+\.[\w-]+\.[\w-]*/i;

/** A header line as it may be shown: `Authorization: (left out)`. */
export function withoutSecret(line: string): string {
  const colon = line.indexOf(':');
  const [name, value] = [line.slice(0, colon), line.slice(colon + 1)];
  if (secretName.test(name) || secretValue.test(value)) return `${name}: ${leftOut}`;
  return withoutSecretParameters(line);
}

/** A URL, or a text with one in it, without the values of parameters that hold credentials. */
export function withoutSecretParameters(text: string): string {
  return text.replaceAll(
    /([?&#])([^=&#\s]+)=([^&#\s]+)/g,
    (all, mark: string, name: string, value: string) =>
      secretName.test(name) || secretValue.test(value) ? `${mark}${name}=left-out` : all,
  );
}

/** What may be shown of the value of an option; other options hold no credentials. */
const shown: Readonly<Record<string, (value: string) => string>> = {
  header: withoutSecret,
  // A body may be anything: only the name of its file is shown.
  data: (value) => (value.startsWith('@') ? value : leftOut),
};

/** An option that has a value of its own, the short ones joined with others or not: `-H`, `-kHLINE`, `--data=TEXT`. */
const optionWord = /^(?:--(?<long>header|data)(?:(?<equals>=)(?<rest>.*))?|-k*(?<short>[Hd])(?<joined>.*))$/s;
const longNames: Readonly<Record<string, string>> = { H: 'header', d: 'data' };

/** The words of a `load` command as they may be shown, in whichever way headers and bodies are given in them. */
export function withoutSecrets(words: readonly string[]): string[] {
  let valueOf: string | undefined;
  return words.map((word) => {
    const option = valueOf;
    valueOf = undefined;
    if (option !== undefined) return shown[option]?.(word) ?? word;
    const { long, short = '', equals, rest = '', joined = '' } = optionWord.exec(word)?.groups ?? {};
    const name = long ?? longNames[short];
    if (name === undefined) return withoutSecretParameters(word);
    const value = long === undefined ? joined : rest;
    if (value === '' && equals === undefined) {
      valueOf = name;
      return word;
    }
    return `${word.slice(0, word.length - value.length)}${shown[name]?.(value) ?? value}`;
  });
}
