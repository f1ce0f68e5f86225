import { expect, test } from 'vitest'
import { diagnosticsAbout, meshText, resolved } from '../../support/resolved.js'

const v6 = ['underlay = 10.79.0.0/16, fd42:0:0:ffff::/64', 'overlay = 10.78.0.0/16, fd42:0:0:fffe::/64']
const ipv6 = [...v6, 'containers = 10.77.0.0/16 /24, fd42::/49 /64']
const ipv4 = ['families = ipv4']
const l3 = ['mode = l3']
const none = ['[targets]', 'containers = none']

/** The least path-mtu by whom it follows from: IPv6 inside needs 1280, IPv4 576, and the tunnels 50, 60, 80 or more. */
test.each([
  ['IPv6 inside, on an overlay', ipv6, 1410],
  ['the same dialled in IPv4', [...ipv6, ...ipv4], 1390],
  ['without VXLAN', [...ipv6, ...l3], 1360],
  ['without VXLAN, dialled in IPv4', [...ipv6, ...l3, ...ipv4], 1340],
  ['IPv6 in the underlay alone', [v6[0] as string], 1360],
  ['IPv4 inside, dialled in IPv6 as well', [], 1280],
  ['IPv4 alone', ipv4, 686],
  ['IPv4 alone, without VXLAN', [...l3, ...ipv4], 636],
])('%s: %s', (_, mesh, least) => {
  const at = (path: number): string => meshText([...mesh, `path-mtu = ${path}`, ...none], [], [])
  expect(diagnosticsAbout(at(least))).toEqual([])
  expect(resolved(at(least)).mtu.path).toBe(least)
  const [fault, ...more] = diagnosticsAbout(at(least - 1))
  expect(more).toEqual([])
  expect(fault).toMatchObject({
    code: 'narrow-path',
    message: expect.stringContaining(least === 636 || least === 686 ? 'RFC 1122' : 'RFC 8200'),
    hint: expect.stringContaining(`write path-mtu = ${least} or more`),
  })
})

test('a segment brings VXLAN where the mesh has none', () => {
  const segment = ['[segment dmz]', 'tenant = blue', 'subnet = 10.9.0.0/16 /24, fd43::/64']
  const text = `${meshText([...l3, ...ipv4, 'path-mtu = 1389'], [], [])}\n${segment.join('\n')}\n[tenant blue]\ncontainers = none\n`
  expect(diagnosticsAbout(text).map(({ code, hint }) => [code, hint])).toEqual([
    ['narrow-path', expect.stringContaining('path-mtu = 1390 or more, 1280 and 110 for the tunnels')],
  ])
})

test('LXD and Incus make no bridge below 1280 for IPv4 either', () => {
  const [fault] = diagnosticsAbout(meshText([...ipv4, 'path-mtu = 1300'], []))
  expect(fault).toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('1280 to 16384, not 1190'),
  })
})
