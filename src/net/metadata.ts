import type { Prefix } from './prefix.js'

/**
 * Where clouds tell a machine about itself, its credentials among that, to whoever asks from it.
 *
 * All of 169.254.0.0/16 is for one link, and no router forwards it (RFC 3927, section 7): there AWS, Google, Azure,
 * Oracle, OpenStack, Hetzner and DigitalOcean have theirs (169.254.169.254), AWS its containers' credentials
 * (169.254.170.2 and .23), Tencent (169.254.0.23) and Scaleway (169.254.42.42). The others are routed.
 */
export const metadataServices = {
  '169.254.0.0/16': 'most clouds (RFC 3927)',
  '168.63.129.16/32': 'Azure: learn.microsoft.com, "What is IP address 168.63.129.16?"',
  '100.100.100.200/32': 'Alibaba: its manual of ECS, "Instance metadata"',
  '192.0.0.192/32': 'Oracle: its manual of Compute Classic, "Retrieving instance metadata"',
  'fd00:ec2::/32': 'AWS: its manual of EC2, "Instance metadata"; DNS, NTP and pods have their own in there',
  'fd20:ce::254/128': 'Google: its manual of Compute Engine, "Metadata server over IPv6"',
  'fd00:42::42/128': 'Scaleway: its manual of Instances, "Metadata over IPv6"',
  '64:ff9b::a9fe:a9fe/128': '169.254.169.254 by way of NAT64 (RFC 6052)',
} as const satisfies Readonly<Record<string, string>>

export const metadataPrefixes = Object.keys(metadataServices) as unknown as readonly Prefix[]
