"""Asks for an IPv6 address by DHCPv6 (RFC 8415) and prints it: lease6.py INTERFACE, in the client's network."""
import fcntl, os, socket, struct, sys, time

interface = sys.argv[1]
index = socket.if_nametoindex(interface)
client = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
client.bind(("::", 546, 0, index))
client.settimeout(3)
answer = fcntl.ioctl(client, 0x8927, struct.pack("256s", interface.encode()))  # SIOCGIFHWADDR
duid = struct.pack("!HH", 3, 1) + answer[18:24]


def option(code, content):
    return struct.pack("!HH", code, len(content)) + content


def options(content):
    while content:
        code, length = struct.unpack("!HH", content[:4])
        yield code, content[4 : 4 + length]
        content = content[4 + length :]


# SOLICIT with client identifier, a non-temporary address to be filled in, elapsed time and rapid commit.
request = bytes([1]) + os.urandom(3)
request += option(1, duid) + option(3, struct.pack("!III", 1, 0, 0)) + option(8, b"\0\0") + option(14, b"")
for _ in range(10):
    try:
        client.sendto(request, ("ff02::1:2", 547, 0, index))
        reply = client.recv(2000)
    except OSError:  # no answer, or the link-local address is not ready yet
        time.sleep(1)
        continue
    for code, content in options(reply[4:]):
        for inner, address in options(content[12:]) if code == 3 else []:
            if inner == 5:
                sys.exit(print(socket.inet_ntop(socket.AF_INET6, address[:16])))
sys.exit("no address")
