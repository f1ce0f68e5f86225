import { expect } from 'vitest'
import type { Host } from './host.js'
import { handshakes, received, sessions } from './probes.js'

/** WireGuard makes new keys after two minutes of its own accord (Rekey-After-Time). */
const rekeyAfter = 120

/** What tells an uninterrupted tunnel or session from a new one. */
export interface State {
  readonly handshakes: ReadonlyMap<string, number>
  readonly received: ReadonlyMap<string, number>
  readonly sessions: ReadonlyMap<string, number>
}

/** The state of all peers but one, by its public key and overlay address. */
export const stateOf = (host: Host, without: readonly string[] = []): State => {
  const kept = (entries: Iterable<[string, number]>) =>
    new Map([...entries].filter(([name]) => !without.includes(name.split(' ')[0] ?? '')))
  return {
    handshakes: kept(handshakes(host)),
    received: kept(received(host)),
    sessions: kept(
      sessions(host).map(({ neighbor, family, since }): [string, number] => [`${neighbor} ${family}`, since]),
    ),
  }
}

/** Nothing of what there was then has been set up anew since. */
export const expectUninterrupted = (host: Host, before: State): void => {
  const after = stateOf(host)
  for (const [key, time] of before.handshakes) {
    const later = (after.handshakes.get(key) ?? 0) - time
    expect(later === 0 || later >= rekeyAfter - 1, `${host.name}: handshake ${later} s later`).toBe(true)
  }
  for (const [key, bytes] of before.received)
    expect(after.received.get(key), `${host.name}: bytes received`).toBeGreaterThanOrEqual(bytes)
  // FRR computes this moment anew for each answer; it may be off by one.
  for (const [session, since] of before.sessions)
    expect(
      Math.abs((after.sessions.get(session) ?? 0) - since),
      `${host.name}: ${session}`,
    ).toBeLessThanOrEqual(1)
}
