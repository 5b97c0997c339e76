// sock_*: over the sockets the embedder hands in; preview 1 has no way to open one.

import { allFdFlags, fdFlags, right, socketRights } from "../abi.ts";
import { WasiError } from "../errno.ts";
import type { Implementations } from "../signatures.ts";
import { isBlocking, writeAll } from "./io.ts";

const receiveFlags = { peek: 1, waitAll: 2 } as const;
const truncated = 1;
const shutdownDirections = { read: 1, write: 2 } as const;

export const socketFunctions = {
  sock_accept(system, guest, fd, flags, result) {
    const descriptor = system.descriptors.socket(fd, right.sockAccept);
    if ((flags & ~allFdFlags) !== 0) throw new WasiError("EINVAL");
    guest.view(result, 4);
    system.descriptors.reserve();
    if (descriptor.socket.accept === undefined) throw new WasiError("ENOTSUP");
    const socket = descriptor.socket.accept(isBlocking(descriptor));
    const number = system.descriptors.add({
      kind: "socket",
      socket,
      fdFlags: flags & fdFlags.nonblock,
      baseRights: socketRights & ~right.sockAccept,
      inheritingRights: 0,
    });
    guest.setU32(result, number);
  },

  sock_recv(system, guest, fd, iovs, iovCount, flags, countResult, flagsResult) {
    const descriptor = system.descriptors.socket(fd, right.fdRead);
    if ((flags & ~(receiveFlags.peek | receiveFlags.waitAll)) !== 0) throw new WasiError("EINVAL");
    guest.view(countResult, 4);
    guest.view(flagsResult, 2);
    const span = guest.spans(iovs, iovCount)[0];
    const target = span === undefined ? new Uint8Array(0) : guest.view(span.pointer, span.length);
    const { socket } = descriptor;
    const blocking = isBlocking(descriptor);
    let received: { readonly byteCount: number; readonly truncated: boolean };
    if (socket.receive !== undefined) {
      const asked = { peek: (flags & receiveFlags.peek) !== 0, waitAll: (flags & receiveFlags.waitAll) !== 0 };
      received = socket.receive(target, asked, blocking);
    } else {
      if (flags !== 0) throw new WasiError("ENOTSUP");
      if (socket.read === undefined) throw new WasiError("ENOTCONN");
      received = { byteCount: socket.read(target, blocking), truncated: false };
    }
    guest.setU32(countResult, received.byteCount);
    guest.setBytes(flagsResult, Uint8Array.of(received.truncated ? truncated : 0, 0));
  },

  sock_send(system, guest, fd, iovs, iovCount, flags, result) {
    const descriptor = system.descriptors.socket(fd, right.fdWrite);
    if (flags !== 0) throw new WasiError("EINVAL");
    guest.view(result, 4);
    if (descriptor.socket.write === undefined) throw new WasiError("ENOTCONN");
    guest.setU32(result, writeAll(guest, descriptor.socket, guest.spans(iovs, iovCount), isBlocking(descriptor)));
  },

  sock_shutdown(system, _guest, fd, how) {
    const { socket } = system.descriptors.socket(fd, right.sockShutdown);
    const read = (how & shutdownDirections.read) !== 0;
    const write = (how & shutdownDirections.write) !== 0;
    if (how === 0 || how > 3) throw new WasiError("EINVAL");
    if (socket.shutdown === undefined) throw new WasiError("ENOTCONN");
    socket.shutdown({ read, write });
  },
} satisfies Partial<Implementations>;
