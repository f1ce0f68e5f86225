import { items, scalar } from '../../render/yaml.js'
import { peerWriter } from '../systemd-networkd/stanzas.js'

/** The items of `peers` in `60-<mesh>.yaml`. */
export const peerChunks = peerWriter((peer, presharedKeyFile) =>
  [
    `        # ${peer.name}`,
    '        - keys:',
    `            public: ${scalar(peer.publicKey)}`,
    ...(presharedKeyFile === null ? [] : [`            shared: ${scalar(presharedKeyFile)}`]),
    `          allowed-ips: [${items(peer.allowedIps)}]`,
    ...(peer.endpoint === null ? [] : [`          endpoint: ${scalar(peer.endpoint)}`]),
    ...(peer.keepalive === null ? [] : [`          keepalive: ${peer.keepalive}`]),
    '',
  ].join('\n'),
)
