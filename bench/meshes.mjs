/** Text of large meshes without keys of their own: name → mesh.ini of that many nodes. */

const sections = (count, more = () => '') =>
  Array.from({ length: count }, (_, index) => {
    const id = index + 1
    const publicKey = Buffer.from(`${id}`.padStart(32, '.')).toString('base64')
    return `[node n${id}]
id = ${id}
endpoint = 20.${id >> 16}.${(id >> 8) & 255}.${id & 255}
public-key = ${publicKey}
key-on-node = yes
${more(id)}`
  }).join('\n')

/** Pools with room for 65,000 ids. */
const mesh = (...more) => `[mesh]
name = ciabmesh
underlay = 100.64.0.0/15, fd00:0:0:ffff::/64
overlay = 100.66.0.0/15, fd00:0:0:fffe::/64
containers = 10.0.0.0/8 /24, fd00::/49 /64
vni = 7281461
asn = 64512
port = 51820
reflectors = auto
${more.join('\n')}

`

/** Of each node's own, and nobody else's; of 20,000 nodes as many as a mesh.ini may hold. */
const allowed = id =>
  `allowed-ips = ${Array.from({ length: 16 }, (_, n) => `${160 + n}.${id >> 16}.${(id >> 8) & 255}.${id & 255}/32`).join(', ')}\n`

export const meshes = {
  reflectors: count => mesh() + sections(count),
  l3: count => mesh('mode = l3') + sections(count),
  'allowed-ips': count => mesh() + sections(count, allowed),
}
