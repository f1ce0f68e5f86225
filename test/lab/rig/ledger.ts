import type { Namespace } from './namespace.js'

/**
 * Writes down the source address of every ping that reaches a machine. A ping's answer comes back
 * whoever it seemed to be from; only the far end can tell whether the source was rewritten on the way.
 */
export class Ledger {
  private constructor(private readonly namespace: Namespace) {}

  static open(namespace: Namespace): Ledger {
    namespace.must(['nft', '-f', '-'], {
      input: `table inet ledger {
        set ipv4 { type ipv4_addr; flags dynamic; }
        set ipv6 { type ipv6_addr; flags dynamic; }
        chain input {
          type filter hook input priority -300;
          icmp type echo-request add @ipv4 { ip saddr }
          icmpv6 type echo-request add @ipv6 { ip6 saddr }
        }
      }`,
    })
    return new Ledger(namespace)
  }

  clear(): void {
    this.namespace.sh('nft flush set inet ledger ipv4; nft flush set inet ledger ipv6')
  }

  /** Every source seen since it was cleared, sorted, IPv4 first. */
  sources(): string[] {
    const { nftables } = JSON.parse(
      this.namespace.must(['nft', '-j', 'list', 'table', 'inet', 'ledger']),
    ) as {
      nftables: { set?: { elem?: (string | { elem: { val: string } })[] } }[]
    }
    return nftables
      .flatMap(entry => entry.set?.elem ?? [])
      .map(element => (typeof element === 'string' ? element : element.elem.val))
      .sort()
  }
}
