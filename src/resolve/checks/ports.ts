import type { Span } from '../../diagnostics/index.js'
import { devicesOf } from '../../model/devices.js'
import type { Mesh, MeshNode } from '../../model/mesh.js'
import type { Port } from '../../net/index.js'
import { defaults } from '../defaults.js'
import type { Report } from '../report.js'
import type { Settings } from '../settings.js'
import type { Placed } from './address-overlaps.js'
import { type BridgePort, bridgePorts } from './bridge-ports.js'

type Networks = Pick<Mesh, 'segments' | 'tenants'>

/**
 * WireGuard, VXLAN and BFD all listen on every address of the host, and one UDP port has one listener, be it that the
 * other has it on one address or interface alone.
 */
export const checkPorts = (
  placed: readonly Placed[],
  networks: Networks,
  settings: Settings,
  report: Report,
): void => {
  const { port, vxlanPort, spanOf } = settings
  checkEphemeral(port, spanOf('port'), report)
  if (placed.some(([node]) => hasVxlan(node, networks, settings)) && bfdPorts.includes(vxlanPort))
    report.error(
      'value-conflict',
      `VXLAN cannot have port ${vxlanPort}, which is BFD's`,
      spanOf('vxlan-port'),
      `write another port, such as ${defaults['vxlan-port']}`,
    )
  for (const [node, { keys }] of placed) {
    const written = keys['listen-port']
    if (written) checkEphemeral(written.value, written.span, report)
    checkBfd(node.listenPort, written?.span ?? spanOf('port'), report)
    const services = bridgePorts(node, networks)
    checkBridges('WireGuard', node.listenPort, services, written?.span ?? spanOf('port'), report)
    if (!hasVxlan(node, networks, settings)) continue
    checkVxlan(node.listenPort, written?.span, settings, report)
    // Its VTEPs are IPv4.
    const beside = services.filter(({ family }) => family === 'ipv4')
    checkBridges('VXLAN', vxlanPort, beside, spanOf('vxlan-port'), report)
  }
}

/** The mesh's own VXLAN device, or in a mesh without it those of segments and tenants. */
const hasVxlan = (node: MeshNode, networks: Networks, { name, mode }: Settings): boolean =>
  devicesOf({ name, mode, ...networks }, node).some(({ kind }) => kind === 'vxlan')

/** BFD's, on one hop, its echoes, and over several (RFC 5881, section 4; RFC 5883, section 5). */
const bfdPorts: readonly number[] = [3784, 3785, 4784]

const checkBfd = (port: Port, span: Span, report: Report): void => {
  if (bfdPorts.includes(port))
    report.error(
      'value-conflict',
      `WireGuard cannot listen on port ${port}, which is BFD's`,
      span,
      `write another port, such as ${defaults.port}`,
    )
}

const checkBridges = (
  what: 'WireGuard' | 'VXLAN',
  port: Port,
  services: readonly BridgePort[],
  span: Span,
  report: Report,
): void => {
  const taken = services.filter(service => service.port === port)
  const sure = taken.find(({ existing }) => !existing)
  const [likely] = taken
  const other = `write another port, such as ${defaults[what === 'VXLAN' ? 'vxlan-port' : 'port']}`
  if (sure)
    report.error(
      'value-conflict',
      `${what} cannot have port ${port}, on which ${sure.service} of container bridges listens`,
      span,
      other,
    )
  else if (likely)
    report.warn(
      'bridge-port',
      `${what} ${port} ${likely.bridge}`,
      `${what} has port ${port}, on which ${likely.service} of the bridge ${likely.bridge} may listen`,
      span,
      `${other}, unless that is switched off there`,
    )
}

const checkVxlan = (
  port: Port,
  own: Span | undefined,
  { vxlanPort, isWritten, spanOf }: Settings,
  report: Report,
): void => {
  if (port !== vxlanPort) return
  const span = own ?? (isWritten('port') ? spanOf('port') : undefined)
  const vxlan = isWritten('vxlan-port') ? spanOf('vxlan-port') : undefined
  if (span)
    report.error(
      'value-conflict',
      `WireGuard cannot listen on port ${port}, which is VXLAN's`,
      span,
      `write another port, such as ${port === defaults.port ? port + 1 : defaults.port}`,
      vxlan && { message: 'VXLAN is here', span: vxlan },
    )
  else
    report.error(
      'value-conflict',
      `VXLAN cannot have port ${port}, on which WireGuard listens`,
      spanOf('vxlan-port'),
      `write another port, such as ${defaults['vxlan-port']}`,
    )
}

/** Linux draws the source ports of outgoing connections from 32768 to 60999, and may have given ours away. */
const checkEphemeral = (port: Port, span: Span, report: Report): void => {
  // WireGuard's own usual port lies there too; everybody uses it, and a warning that all get warns nobody.
  if (port >= 32768 && port <= 60999 && port !== defaults.port)
    report.warn(
      'ephemeral-port',
      `${port}`,
      `port ${port} is one that Linux gives to outgoing connections (32768 to 60999)`,
      span,
      'write one from 1024 to 32767, which nothing is given by chance',
    )
}
