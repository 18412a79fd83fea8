/**
 * Whether labels match a selector as autoscalers write it into queries: `app=web,tier in (a,b),!old`. The tests' own, so that a
 * mistake in ours shows.
 */
export function matchesSelector(selector: string, labels: Readonly<Record<string, string>> = {}): boolean {
  return requirements(selector).every((requirement) => matches(requirement.trim(), labels));
}

/** Split at commas outside parentheses. */
function requirements(selector: string): string[] {
  return selector === '' ? [] : selector.split(/,(?![^(]*\))/);
}

function matches(requirement: string, labels: Readonly<Record<string, string>>): boolean {
  const set = /^(\S+) (in|notin) \((.*)\)$/.exec(requirement);
  if (set !== null) {
    const [, key = '', operator, values = ''] = set;
    const isIn = values.split(',').includes(labels[key] ?? '\0');
    return operator === 'in' ? isIn : !isIn;
  }
  const equality = /^([^=!]+)(==|!=|=)(.*)$/.exec(requirement);
  if (equality !== null) {
    const [, key = '', operator, value = ''] = equality;
    return operator === '!=' ? labels[key] !== value : labels[key] === value;
  }
  if (requirement.startsWith('!')) return labels[requirement.slice(1)] === undefined;
  return labels[requirement] !== undefined;
}
