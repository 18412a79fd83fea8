/** A time in a message, to the second, as samples and statuses have them: `2026-11-22T12:00:00Z`. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
