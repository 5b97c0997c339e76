// poll_oneoff: waits for clocks and descriptors. Files are always ready; streams say themselves.

import { type ClockId, clockId, eventFlags, eventType, right, subscriptionClockFlags } from "../abi.ts";
import type { Descriptor } from "../descriptors.ts";
import { type ErrnoName, errnoNumber, WasiError } from "../errno.ts";
import type { Guest } from "../guest.ts";
import type { Layout } from "../layout.ts";
import type { Implementations } from "../signatures.ts";
import type { Readiness, Stream } from "../stream.ts";
import type { System } from "../system.ts";

const eventSize = 32;
const maxSubscriptionCount = 4096;
// How long between two looks at a stream that cannot wake us: a compromise of delay and work.
const pollInterval = 2_000_000n;

export const pollFunctions = (layout: Layout) =>
  ({
    poll_oneoff(system, guest, input, output, count, result) {
      if (count === 0 || count > maxSubscriptionCount) throw new WasiError("EINVAL");
      guest.view(output, count * eventSize);
      guest.view(result, 4);
      const start = { realtime: system.clocks.now(clockId.realtime), monotonic: system.clocks.now(clockId.monotonic) };
      const subscriptions: Subscription[] = [];
      for (let index = 0; index < count; index++) {
        subscriptions.push(readSubscription(system, guest, layout, input + index * layout.subscription.size, start));
      }
      const events = wait(system, subscriptions);
      for (const [index, event] of events.entries()) writeEvent(guest, output + index * eventSize, event);
      guest.setU32(result, events.length);
    },
  }) satisfies Partial<Implementations>;

type Subscription = { readonly userdata: bigint; readonly type: number } & (
  | { readonly kind: "failed"; readonly errno: ErrnoName }
  /** Due on the monotonic clock. */
  | { readonly kind: "clock"; readonly deadline: bigint }
  | { readonly kind: "descriptor"; readonly descriptor: Descriptor }
);

interface Event {
  readonly userdata: bigint;
  readonly type: number;
  readonly errno: ErrnoName;
  readonly byteCount: bigint;
  readonly flags: number;
}

function readSubscription(
  system: System,
  guest: Guest,
  layout: Layout,
  pointer: number,
  start: { realtime: bigint; monotonic: bigint },
): Subscription {
  guest.view(pointer, layout.subscription.size);
  const userdata = guest.u64(pointer);
  const type = guest.u8(pointer + 8);
  if (type === eventType.clock) {
    const clock = pointer + layout.subscription.clock;
    const id = guest.u32(clock);
    const timeout = guest.u64(clock + 8);
    const flags = guest.u16(clock + 24);
    if (id !== clockId.realtime && id !== clockId.monotonic) {
      return { userdata, type, kind: "failed", errno: id > clockId.threadCpu ? "EINVAL" : "ENOTSUP" };
    }
    if ((flags & ~subscriptionClockFlags.absoluteTime) !== 0)
      return { userdata, type, kind: "failed", errno: "EINVAL" };
    const now = (id as ClockId) === clockId.realtime ? start.realtime : start.monotonic;
    const left = (flags & subscriptionClockFlags.absoluteTime) !== 0 ? timeout - now : timeout;
    return { userdata, type, kind: "clock", deadline: start.monotonic + (left > 0n ? left : 0n) };
  }
  if (type !== eventType.fdRead && type !== eventType.fdWrite) throw new WasiError("EINVAL");
  try {
    const direction = type === eventType.fdRead ? right.fdRead : right.fdWrite;
    const descriptor = system.descriptors.get(guest.u32(pointer + 16), right.pollFdReadwrite | direction);
    return { userdata, type, kind: "descriptor", descriptor };
  } catch (error) {
    if (error instanceof WasiError) return { userdata, type, kind: "failed", errno: error.errno };
    throw error;
  }
}

/** Returns as soon as anything is due, with everything that is due by then. */
function wait(system: System, subscriptions: readonly Subscription[]): Event[] {
  const deadlines = subscriptions.flatMap((one) => (one.kind === "clock" ? [one.deadline] : []));
  // biome-ignore lint/complexity/useMathMinMax: Math.min takes no bigints
  const nearest = deadlines.length === 0 ? undefined : deadlines.reduce((a, b) => (a < b ? a : b));
  const waitsForStreams = subscriptions.some((one) => one.kind === "descriptor");
  for (;;) {
    const now = system.clocks.now(clockId.monotonic);
    const events = subscriptions.flatMap((one) => dueEvent(one, now) ?? []);
    if (events.length > 0) return events;
    const left = nearest === undefined ? pollInterval : nearest - now;
    system.clocks.sleep(waitsForStreams && left > pollInterval ? pollInterval : left);
  }
}

function dueEvent(subscription: Subscription, now: bigint): Event | undefined {
  const event: Event = {
    userdata: subscription.userdata,
    type: subscription.type,
    errno: "ESUCCESS",
    byteCount: 0n,
    flags: 0,
  };
  switch (subscription.kind) {
    case "failed":
      return { ...event, errno: subscription.errno };
    case "clock":
      return now >= subscription.deadline ? event : undefined;
    case "descriptor": {
      const readiness =
        subscription.type === eventType.fdRead
          ? readReadiness(subscription.descriptor)
          : writeReadiness(subscription.descriptor);
      switch (readiness.state) {
        case "pending":
          return undefined;
        case "ended":
          return { ...event, flags: eventFlags.hangup };
        case "ready":
          return { ...event, byteCount: BigInt(readiness.byteCount) };
      }
    }
  }
}

function readReadiness(descriptor: Descriptor): Readiness {
  switch (descriptor.kind) {
    case "file":
      return { state: "ready", byteCount: Math.max(0, Number(descriptor.file.stat().size) - descriptor.position) };
    case "directory":
      return { state: "ready", byteCount: 0 };
    case "stream":
      return streamReadiness(descriptor.stream);
    case "socket":
      return streamReadiness(descriptor.socket);
  }
}

function streamReadiness(stream: Stream): Readiness {
  return stream.readReadiness?.() ?? { state: "ready", byteCount: 1 };
}

// No host tells synchronously how much a pipe would take: the least POSIX guarantees for one write.
function writeReadiness(_descriptor: Descriptor): Readiness {
  return { state: "ready", byteCount: 512 };
}

function writeEvent(guest: Guest, pointer: number, event: Event): void {
  guest.view(pointer, eventSize).fill(0);
  guest.setU64(pointer, event.userdata);
  guest.setBytes(pointer + 8, Uint8Array.of(errnoNumber(event.errno), 0, event.type));
  guest.setU64(pointer + 16, event.byteCount);
  guest.setBytes(pointer + 24, Uint8Array.of(event.flags));
}
