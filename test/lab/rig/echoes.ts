import type { Namespace } from './namespace.js'
import { must } from './shell.js'

/** An echo request from an address that a machine has. */
export interface Echo {
  readonly machine: Namespace
  readonly from: string
  readonly to: string
}

/**
 * Sends all that it reads as lines of "FROM TO", and twice more what has no answer yet; says which have one after two
 * seconds. A process for each machine, not for each ping: a busy machine has few to spare.
 */
const program = `
import os, select, socket, struct, sys, time
pairs = [tuple(line.split()) for line in sys.stdin]
mark = os.getpid() & 0xffff
wires, waiting = {}, {}
def checksum(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xffff)
    return ~(total + (total >> 16)) & 0xffff
def send(number):
    source, target = pairs[number]
    six = ":" in source
    head = struct.pack("!BBHHH", 128 if six else 8, 0, 0, mark, number)
    if not six:
        head = struct.pack("!BBHHH", 8, 0, checksum(head), mark, number)
    try:
        wires[source].sendto(head, (target, 0))
    except OSError:
        pass
for number, (source, target) in enumerate(pairs):
    six = ":" in source
    if source not in wires:
        wire = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_RAW, 58 if six else 1)
        wire.bind((source, 0))
        wires[source] = wire
    waiting[number] = target
def listen(until):
    while waiting and time.monotonic() < until:
        ready = select.select(list(wires.values()), [], [], max(0, until - time.monotonic()))[0]
        for wire in ready:
            data, sender = wire.recvfrom(2048)
            if wire.family == socket.AF_INET:
                data = data[(data[0] & 15) * 4:]
            kind, _, _, whose, number = struct.unpack("!BBHHH", data[:8])
            if kind in (0, 129) and whose == mark and waiting.get(number) == sender[0]:
                if pairs[number][0] == wire.getsockname()[0]:
                    del waiting[number]
                    print(*pairs[number])
for wait in (0.3, 0.7, 1):
    for number in list(waiting):
        send(number)
    listen(time.monotonic() + wait)
`

/** Which are answered, by {@link nameOf}: all of them at a time. */
export const answersTo = (echoes: readonly Echo[]): Set<string> => {
  const script = [`program='${program}'`]
  for (const machine of new Set(echoes.map(echo => echo.machine)))
    script.push(
      `${machine.enter.join(' ')} python3 -c "$program" <<END &`,
      ...echoes.filter(echo => echo.machine === machine).map(nameOf),
      'END',
    )
  const input = [...script, 'wait', ''].join('\n')
  return new Set(must(['sh'], { input, seconds: 300 }).split('\n'))
}

export const nameOf = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  `${from} ${to}`
