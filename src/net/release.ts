import { accepted, type Brand, type Parsed, quoted, refused } from './brand.js'

/** A release of an operating system as mesh.ini names it: `debian-12`, `ubuntu-24.04`. */
export type OsName = Brand<string, 'OsName'>

/** What a release ships of the tools that are written for; versions as `major.minor`. */
export interface Release {
  readonly os: OsName
  /** systemd has whole numbers. */
  readonly systemd: number
  readonly netplan: string
  readonly frr: string
}

/** As packages.debian.org and packages.ubuntu.com list them. */
const releases: Readonly<Record<string, Omit<Release, 'os'>>> = {
  'debian-11': { systemd: 247, netplan: '0.101', frr: '7.5' },
  'debian-12': { systemd: 252, netplan: '0.106', frr: '8.4' },
  'debian-13': { systemd: 257, netplan: '1.1', frr: '10.3' },
  'ubuntu-20.04': { systemd: 245, netplan: '0.104', frr: '7.2' },
  'ubuntu-22.04': { systemd: 249, netplan: '0.104', frr: '8.1' },
  'ubuntu-24.04': { systemd: 255, netplan: '1.0', frr: '8.4' },
}

/** Every release that `os` may name, the oldest of a distribution first. */
const osNames = Object.keys(releases)

/** An operating system by its name. */
export const parseOs = (value: string): Parsed<OsName> =>
  Object.hasOwn(releases, value)
    ? accepted(value as OsName)
    : refused(
        'value-choice',
        `${quoted(value)} is not a release known here`,
        `write one of ${osNames.join(', ')}`,
      )

/** What comes with an operating system. */
export const releaseOf = (os: OsName): Release => ({ os, ...(releases[os] as Omit<Release, 'os'>) })

/** Whether `version`, `major.minor`, is older than `other`; one that is not known counts as new. */
export const isOlder = (version: string | null, other: string): boolean => {
  if (version === null) return false
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number)
  return major < otherMajor || (major === otherMajor && minor < otherMinor)
}
