/** `schedule night`, `schedules night and weekend` */
export function scheduleNames(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? `schedule ${last}` : `schedules ${names.slice(0, -1).join(', ')} and ${last}`;
}
