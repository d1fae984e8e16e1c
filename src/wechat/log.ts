import { currentHost } from './host.ts'

/** A line for whoever looks into it later: the mini-program console's realtime log. No personal data. */
export function logWarning(event: string, fields: Record<string, unknown> = {}): void {
  currentHost().getRealtimeLogManager?.().warn(event, fields)
}
