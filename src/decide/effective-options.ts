import type { ControllerOptions, Policy } from './policy.ts';
import type { Trace } from './trace.ts';

/** The controller's options as they hold for one autoscaler: its own times in place of the flags'. */
export function effectiveOptions(policy: Policy, options: ControllerOptions): ControllerOptions {
  const { initializationPeriodSeconds, readinessDelaySeconds } = policy;
  if (initializationPeriodSeconds === undefined && readinessDelaySeconds === undefined) return options;
  return {
    ...options,
    ...(initializationPeriodSeconds !== undefined && {
      cpuInitializationPeriodMs: initializationPeriodSeconds * 1000,
    }),
    ...(readinessDelaySeconds !== undefined && { initialReadinessDelayMs: readinessDelaySeconds * 1000 }),
  };
}

/** Both effective times for the trace, where the policy sets one of them. */
export function startupMark(policy: Policy, options: ControllerOptions): Pick<Trace, 'startup'> {
  const { initializationPeriodSeconds, readinessDelaySeconds } = policy;
  if (initializationPeriodSeconds === undefined && readinessDelaySeconds === undefined) return {};
  const { cpuInitializationPeriodMs, initialReadinessDelayMs } = effectiveOptions(policy, options);
  return {
    startup: {
      initializationPeriodMs: cpuInitializationPeriodMs,
      readinessDelayMs: initialReadinessDelayMs,
    },
  };
}
