/**
 * Whether a query is nothing but a selector of series: `up`, `http_requests_in_flight{app="web"}`. Only of these does `timestamp()`
 * give when the sample was taken; of everything else it gives the time of the evaluation. False for what is not surely one.
 */
export function isSeriesSelector(query: string): boolean {
  return selector.test(query.trim()) && !keywords.has(query.trim().toLowerCase());
}

const labelMatcher = String.raw`\s*[a-zA-Z_]\w*\s*(?:=~|!~|!=|=)\s*"[^"\\]*"\s*`;
const matchers = String.raw`\{(?:${labelMatcher}(?:,${labelMatcher})*,?\s*)?\}`;
const selector = new RegExp(`^(?:[a-zA-Z_:][a-zA-Z0-9_:]*\\s*(?:${matchers})?|${matchers})$`);

/** Numbers that are spelt as names are. */
const keywords: ReadonlySet<string> = new Set(['nan', 'inf']);
