/** What the last word of a command line is, where that is more than the library knows. */
export interface Asked {
  readonly of: 'files' | 'autoscalers' | 'hpas' | 'namespaces' | 'targets';
  readonly command: string;
  /** Long name of the flag whose value it is; absent: it is an argument. */
  readonly flag?: string;
}

const flagValues: Readonly<Record<string, Pick<Asked, 'of'> & { readonly flag: string }>> = {
  '-n': { of: 'namespaces', flag: 'namespace' },
  '--namespace': { of: 'namespaces', flag: 'namespace' },
  '--autoscaler': { of: 'autoscalers', flag: 'autoscaler' },
  '--kubeconfig': { of: 'files', flag: 'kubeconfig' },
  '--filename': { of: 'files', flag: 'filename' },
  '-f': { of: 'files', flag: 'filename' },
  '--report': { of: 'files', flag: 'report' },
  '--cacert': { of: 'files', flag: 'cacert' },
};

const argumentsOf: Readonly<Record<string, Asked['of']>> = {
  watch: 'autoscalers',
  explain: 'autoscalers',
  handback: 'autoscalers',
  takeover: 'hpas',
  autoscale: 'targets',
  replay: 'files',
  simulate: 'files',
  convert: 'files',
};

/**
 * Undefined where the library knows all there is to know.
 * @param takesValue whether what follows a flag of the command is its value
 */
export function whatIsAsked(
  words: readonly string[],
  takesValue: (command: string, flag: string) => boolean,
): Asked | undefined {
  const [command = ''] = words;
  if (words.length < 2) return undefined;
  const [last = '', before = ''] = [words.at(-1), words.at(-2)];
  const given = /^(--[a-z-]+)=/.exec(last)?.[1];
  const value = flagValues[given ?? before];
  if (value !== undefined) return { ...value, command };
  if (last.startsWith('-') || (before.startsWith('-') && takesValue(command, before))) return undefined;
  const of = argumentsOf[command];
  return of === undefined ? undefined : { of, command };
}

/** The value of a flag in a command line; undefined when it is not given. */
export function flagValue(words: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [index, word] of words.slice(0, -1).entries())
    for (const name of names) {
      if (word === name && index < words.length - 2) return words[index + 1];
      if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    }
  return undefined;
}
