/** The path of a file within its node: `etc/frr/frr.conf` of `out/node1/etc/frr/frr.conf`. */
export const pathWithin = (node: string, file: string): string =>
  file.slice(file.indexOf(`${node}/etc/`) + node.length + 1)
