/** What `vwgen set` calls otherwise than `set`, or has and `set` has not; and what to write instead. */
export const vwgenWords: ReadonlyMap<string, string> = new Map([
  ['pool-ipv4', 'write set mesh overlay IPV4-PREFIX[, IPV6-PREFIX]'],
  ['pool-ipv6', 'write set mesh overlay IPV4-PREFIX, IPV6-PREFIX'],
  ['vxlan-id', 'write set mesh vni VNI'],
  [
    'vxlan-mtu',
    'write set mesh path-mtu BYTES: the path between the nodes, 130 more than the VXLAN device has',
  ],
  ['addr', 'write set node NAME overlay-address ADDRESS'],
  ['ll-addr', 'write set node NAME underlay-address ADDRESS'],
  ['persistent-keepalive', 'write set node NAME keepalive SECONDS'],
  ['private-key', 'write rotate-key NAME --key-file FILE'],
  ['upnp', "write set node NAME pre-up 'upnpc -r PORT udp &'"],
  ['noupnp', 'take the upnpc line out of pre-up'],
  ['save-config', 'nothing of the kind is written: wg-quick would overwrite the file'],
  ['nosave-config', 'no file of ciab-gen has SaveConfig'],
])
