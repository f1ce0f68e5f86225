import type { Namespace } from './namespace.js'

/**
 * Notes which packets made by hand have come to a machine for good, behind every filter of its own: by the identifier of a
 * ping or the port that anything else comes from, which no two of them share.
 */
export class Witness {
  private constructor(
    readonly name: string,
    private readonly namespace: Namespace,
  ) {}

  static open(name: string, namespace: Namespace): Witness {
    namespace.must(['nft', '-f', '-'], {
      input: `table inet witness
        delete table inet witness
        table inet witness {
          set echoes { typeof icmp id; flags dynamic; }
          set echoes6 { typeof icmpv6 id; flags dynamic; }
          set ports { type inet_service; flags dynamic; }
          set adverts { typeof ip6 saddr; flags dynamic; }
          chain input {
            type filter hook input priority 300;
            icmp type echo-request add @echoes { icmp id }
            icmpv6 type echo-request add @echoes6 { icmpv6 id }
            meta l4proto { tcp, udp } add @ports { th sport }
            icmpv6 type nd-router-advert add @adverts { ip6 saddr }
          }
        }`,
    })
    return new Witness(name, namespace)
  }

  clear(): void {
    this.namespace.sh('for set in echoes echoes6 ports adverts; do nft flush set inet witness "$set"; done')
  }

  /** The identifiers that it has seen, and in `adverts` who has offered routes. */
  seen(): { readonly ids: ReadonlySet<number>; readonly adverts: ReadonlySet<string> } {
    const { nftables } = JSON.parse(
      this.namespace.must(['nft', '-j', 'list', 'table', 'inet', 'witness']),
    ) as {
      nftables: { set?: { name: string; elem?: (string | number | { elem: { val: string | number } })[] } }[]
    }
    const of = (name: string): (string | number)[] =>
      nftables
        .flatMap(entry => (entry.set?.name === name ? (entry.set.elem ?? []) : []))
        .map(element => (typeof element === 'object' ? element.elem.val : element))
    return {
      ids: new Set([...of('echoes'), ...of('echoes6'), ...of('ports')].map(Number)),
      adverts: new Set(of('adverts').map(String)),
    }
  }
}
