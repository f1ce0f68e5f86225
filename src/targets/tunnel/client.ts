import type { ClientPlan } from '../../model/client-plan.js'
import { chunk } from '../../render/chunks.js'
import type { OutputFile } from '../../render/target.js'
import { template } from '../../render/template.js'
import clientConf from './client.conf.mustache'
import { peerSection, presharedLine } from './peer-section.js'

const configuration = template(clientConf)

/**
 * A client's one file. It has nothing but what wg-quick(8), NetworkManager and WireGuard's apps for phones, macOS and
 * Windows all read: the apps refuse a file with hooks, `Table` or any key that they do not know.
 */
export const clientFile = ({
  mesh,
  name,
  privateKey,
  addresses,
  mtu,
  dns,
  carrier,
  presharedKey,
}: ClientPlan): OutputFile => ({
  path: `${mesh}.conf`,
  mode: 0o600,
  secret: privateKey !== null || presharedKey !== null,
  content: configuration.chunks(
    {
      name,
      privateKey: privateKey?.reveal() ?? null,
      kept: privateKey === null,
      addresses: addresses.join(', '),
      dns: dns.join(', ') || null,
      mtu,
    },
    {
      peer: [chunk(`${peerSection(carrier)}${presharedKey === null ? '' : presharedLine(presharedKey)}`)],
    },
  ),
})
