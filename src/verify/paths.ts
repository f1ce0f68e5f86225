/** The path of a file within its node: `etc/frr/frr.conf` of `out/node1/etc/frr/frr.conf`. */
export const pathWithin = (node: string, file: string): string =>
  file.slice(file.indexOf(`${node}/etc/`) + node.length + 1)

/** Whether a file of a node, such as `etc/frr/frr.conf`, is one of those that are read: settings and keys, no programs. */
export const isRead = (path: string): boolean =>
  /^etc\/(?:nftables\.conf|(?:wireguard|netplan|systemd\/network|frr|ciab)\/.*\.(?:conf|yaml|netdev|network|fdb|key|psk|nft))$/.test(
    path,
  )
