import { expect } from 'chai';
import { eventually } from '../support/wait.ts';
import type { Operators } from './support/operator.ts';
import type { Place } from './support/place.ts';

const ownOperator = { labels: { operator: 'own' } };

/** A window that has been open for a minute, and is for two hours. */
function open(name: string, counts: object): object {
  const began = new Date(Date.now() - 60_000);
  const start = `${began.getUTCMinutes()} ${began.getUTCHours()} * * *`;
  return { name, start, timeZone: 'Etc/UTC', duration: '2h', ...counts };
}

/** Windows of time with bounds of their own. */
export const scheduleCases = {
  'keeps to the bounds of the schedules that are open, and says what comes next': async (place: Place) => {
    const web = await place.run({ name: 'web', replicas: 2 });
    const schedules = [open('office', { minReplicas: 5, maxReplicas: 6 })];
    await place.autoscale(web, { schedules });
    await place.scalesTo(web, 5);
    await place.event('web', /^SuccessfulRescale .* below the minimum of schedule office$/);
    place.load('web', 900);
    await place.scalesTo(web, 6);
    const next = await eventually(
      'the next transition',
      async () => (await place.status('web')).nextTransition,
    );
    expect(next).to.include({ schedule: 'office', type: 'Closes' });
    await place.edit('web', { schedules: [...schedules, open('few', { maxReplicas: 3 })] });
    await place.has('web', 'SchedulesConflict=True MinimumAboveMaximum');
    await place.edit('web', { schedules: [open('few', { maxReplicas: 3 })] });
    await place.scalesTo(web, 3);
    await place.edit('web', {
      schedules: [open('begins', { minReplicas: 9, rampUp: '2h' })],
      maxReplicas: 9,
    });
    place.load('web', 40);
    await place.scalesTo(web, 2);
  },

  'scales to zero by a schedule, and back by an operator that was down as it ended': async (
    place: Place,
    operators: Operators,
  ) => {
    const web = await place.run({ name: 'web', replicas: 3 });
    const own = { selector: 'operator=own', namespace: place.namespace };
    const first = await operators.start(own);
    await place.autoscale(web, { minReplicas: 2, schedules: [open('night', { replicas: 0 })] }, ownOperator);
    await place.scalesTo(web, 0);
    await place.has('web', 'ScaledToZero=True ScheduledToZero');
    await first.stop('SIGKILL');
    await place.edit('web', { schedules: [] });
    await operators.start(own);
    await place.scalesTo(web, 2);
  },
};
