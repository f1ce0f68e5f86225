"""Run on a virtual machine: what its containers reach, and whom they are seen as.

probe.py CLIENT list               "NODE CONTAINER ADDRESS ADDRESS" of each running container
probe.py CLIENT serve              every container answers on UDP port 7: who it is, and whom it sees
probe.py CLIENT ask [WORD…]        every container asks every address of such a list on standard input, and pings
                                   it, with the largest packet that must not be fragmented
probe.py CLIENT traffic REPORT PAUSE [WORD…]
                                   every container pings every address of the list that it is to reach, each time
                                   after so many seconds, until SIGTERM; the report says how many packets came back

A container's network is its name up to the first "-". Those of one network are to reach each other, and those of
the pairs among the words, "NET+NET"; all others must not, nor those that stand among the words by their own name.
"""
import concurrent.futures, ctypes, json, signal, socket, subprocess, sys, threading, time

client, command, *rest = sys.argv[1:]
node = socket.gethostname()
libc = ctypes.CDLL(None, use_errno=True)


def output(*words):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""


def running():
    """Name and process of each container."""
    found = json.loads(output(client, "query", "/1.0/instances?recursion=2") or "[]")
    return sorted((one["name"], one["state"]["pid"]) for one in found if one["state"]["pid"] > 0)


def inside(pid, *words):
    return ["nsenter", "-n", "-t", str(pid), *words]


def addresses(pid):
    found = json.loads(output(*inside(pid, "ip", "-j", "address", "show", "dev", "eth0")) or "[]")
    return [one["local"] for link in found for one in link["addr_info"] if one["scope"] == "global"]


def enter(pid):
    """The network of a container, for this thread alone; sockets made in it stay there."""
    with open(f"/proc/{pid}/ns/net") as network:
        if libc.setns(network.fileno(), 0x40000000):  # CLONE_NEWNET
            raise OSError(ctypes.get_errno(), "setns")


def serve(name, pid):
    enter(pid)
    server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    server.bind(("::", 7))
    while True:
        _, sender = server.recvfrom(100)
        server.sendto(f"{name} {sender[0].removeprefix('::ffff:')}".encode(), sender)


def answer(pid, address, tries):
    """Who answers at the address, and whom that one sees."""
    enter(pid)
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(2)
        for _ in range(tries):
            try:
                asking.sendto(b"?", (address, 7))
                return asking.recv(100).decode().split()
            except OSError:
                continue
    return None


def pings(pid, address, size):
    words = inside(pid, "ping", "-q", "-n", "-c", "2", "-W", "3", "-M", "do", "-s", str(size), address)
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def network(name):
    return name.split("-")[0]


def together(one, other):
    if one in rest or other in rest:
        return False
    a, b = network(one), network(other)
    return a == b or f"{a}+{b}" in rest or f"{b}+{a}" in rest


def mtu_of(pid):
    return json.loads(output(*inside(pid, "ip", "-j", "link", "show", "dev", "eth0")))[0]["mtu"]


def ask(name, pid, mtu, own, other, address):
    """The line that tells how it went."""
    reachable = together(name, other)
    size = mtu - (48 if ":" in address else 28)
    faults = []
    if reachable:
        said = answer(pid, address, 4)
        if said is None:
            faults.append("no answer")
        elif said[0] != other:
            faults.append(f"{said[0]} answers")
        elif said[1] not in own:
            faults.append(f"is seen as {said[1]}")
        if not pings(pid, address, size):
            faults.append(f"no ping of {mtu} bytes")
        right = f"seen as {said and said[1]}, ping of {mtu} bytes"
    else:
        said = answer(pid, address, 1)
        # In another network the same address may be a neighbor of ours.
        if said and said[0] != name and not together(name, said[0]):
            faults.append(f"{said[0]} answers, and sees {said[1]}")
        elif said is None and pings(pid, address, 56):
            faults.append("somebody answers the ping")
        right = "apart"
    verdict = "BAD " if faults else "ok  "
    way = f"{network(name)} {network(other)} {'to' if reachable else 'apart'}"
    return f"{verdict} {way} {name} > {other} {address}: {', '.join(faults) or right}"


def ways(targets):
    """From each container here to each address of the others."""
    return [
        (name, pid, other, address)
        for name, pid in running()
        for _, other, *found in targets
        if other != name
        for address in found
    ]


def ask_all(targets):
    known = {name: found for _, name, *found in targets}
    mtus = {pid: mtu_of(pid) for _, pid in running()}
    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        jobs = [
            pool.submit(ask, name, pid, mtus[pid], known[name], other, address)
            for name, pid, other, address in ways(targets)
        ]
        for job in jobs:
            print(job.result())


def traffic(targets, report, pause, *_):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    started = [
        (f"{name} > {other} {address}", subprocess.Popen(
            inside(pid, "ping", "-q", "-n", "-i", pause, address), stdout=subprocess.PIPE, text=True))
        for name, pid, other, address in ways(targets)
        if together(name, other)
    ]
    signal.sigwait({signal.SIGTERM})
    # Answers on their way come in while nothing is sent; then at most the last packet of each has none.
    for _, ping in started:
        ping.send_signal(signal.SIGSTOP)
    time.sleep(3)
    for _, ping in started:
        ping.send_signal(signal.SIGCONT)
    time.sleep(0.1)
    with open(report, "w") as lines:
        for way, ping in started:
            ping.send_signal(signal.SIGINT)
            said = next((line for line in ping.communicate()[0].splitlines() if "transmitted" in line), "no ping")
            print(f"{way}: {said}", file=lines)


if command == "list":
    for name, pid in running():
        print(node, name, *addresses(pid))
elif command == "serve":
    for one in running():
        threading.Thread(target=serve, args=one).start()
else:
    targets = [line.split() for line in sys.stdin]
    ask_all(targets) if command == "ask" else traffic(targets, *rest)
