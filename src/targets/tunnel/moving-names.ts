import type { NodePlan, PeerPlan } from '../../model/plan.js'
import { hostNameIn } from '../../net/index.js'
import { timed, untimed } from '../../render/notes.js'
import { dataFile, programFile, unitFile } from '../../render/program.js'
import type { OutputFile } from '../../render/target.js'
import { template } from '../../render/template.js'
import namesService from './ciab-names.service.mustache'
import namesTimer from './ciab-names.timer.mustache'
import followNamesSh from './follow-names.sh'
import meshNames from './mesh.names.mustache'

const list = template(meshNames)
const timer = 'ciab-names.timer'
const programs = [
  programFile('follow-names.sh', followNamesSh),
  unitFile(timer, namesTimer),
  unitFile('ciab-names.service', namesService),
]

/** Whether the node dials a peer by a name, which may lead elsewhere tomorrow. */
export const dialsNames = ({ tunnel }: NodePlan): boolean => tunnel.peers.some(isNamed)

const isNamed = ({ endpoint }: PeerPlan): boolean => endpoint !== null && hostNameIn(endpoint) !== null

/** What looks names up again on a node; nothing where it dials addresses alone. */
export const movingNameFiles = (node: NodePlan): OutputFile[] => {
  const { name, mesh } = node
  if (!dialsNames(node)) return []
  return [
    {
      path: `etc/ciab/${mesh}.names`,
      mode: 0o644,
      secret: false,
      content: list.chunks({ node: name, peers: namedPeers(node) }),
    },
    ...programs,
    dataFile('follow-names', node, { mesh }),
  ]
}

/** Under the next key too, where a peer is about to have another. */
const namedPeers = ({ tunnel: { peers, nextPeers = [] } }: NodePlan) =>
  [...peers, ...nextPeers.map(({ peer }) => peer)].flatMap(({ name, publicKey, endpoint }) => {
    const host = endpoint === null ? null : hostNameIn(endpoint)
    return endpoint === null || host === null
      ? []
      : [{ key: publicKey, host, port: endpoint.slice(endpoint.lastIndexOf(':') + 1), name }]
  })

/** What systemd starts at boot. */
export const movingNameUnits = (node: NodePlan): string[] => (dialsNames(node) ? [timer] : [])

/** All of them, for a node that has some. */
const movingNamePaths = ({ mesh }: Pick<NodePlan, 'mesh'>): string[] => [
  `etc/ciab/${mesh}.names`,
  'etc/ciab/follow-names.sh',
  'etc/ciab/follow-names.conf',
  ...[timer, 'ciab-names.service'].map(unit => `etc/systemd/system/${unit}`),
]

/** What a change of them takes, with apply.sh and without. */
export const movingNameNotes = (node: NodePlan): ReturnType<typeof timed> =>
  dialsNames(node)
    ? timed(timer, 'Look up again the names of peers that are silent', movingNamePaths(node))
    : untimed
