import { describe, expect, test } from 'vitest'
import { load } from '../../src/load.js'
import { keyRingFor } from '../support/keys.js'
import { meshText } from '../support/resolved.js'

/** Tunnel and overlay of the first node. */
const chosen = (node: readonly string[], targets: readonly string[] = []): string[] => {
  const text = `${meshText([], node, [])}\n[targets]\n${targets.join('\n')}\n`
  const mesh = load({ file: 'mesh.ini', text }, keyRingFor(text))
  if (!mesh.ok) throw new Error(JSON.stringify(mesh.diagnostics))
  const { tunnel = '', overlay = '' } = mesh.value.nodes[0]?.targets ?? {}
  return [tunnel, overlay]
}

describe('who makes the tunnel makes the overlay', () => {
  test.each([
    [[], [], ['wg-quick', 'wg-quick']],
    [['tunnel = networkd'], [], ['networkd', 'networkd']],
    [[], ['tunnel = netplan'], ['netplan', 'netplan']],
    [['tunnel = wg-quick'], ['tunnel = netplan'], ['wg-quick', 'wg-quick']],
  ])('node %j, [targets] %j: %j', (node, targets, expected) => {
    expect(chosen(node, targets)).toEqual(expected)
  })

  test.each([
    [['tunnel = networkd', 'overlay = none'], [], ['networkd', 'none']],
    [['tunnel = networkd'], ['overlay = none'], ['networkd', 'none']],
  ])('unless it is said otherwise: node %j, [targets] %j: %j', (node, targets, expected) => {
    expect(chosen(node, targets)).toEqual(expected)
  })
})

describe('what is open without a packet filter', () => {
  test.each([
    [[], 'anybody on the internet can send frames into the overlay', 'VXLAN, BGP and BFD'],
    [['routing = none'], 'anybody on the internet can send frames into the overlay', 'VXLAN'],
    [['overlay = none'], 'BGP and BFD hear anybody', 'BGP and BFD'],
    [
      ['overlay = none', 'routing = none'],
      'addresses of the mesh are believed from anywhere',
      'addresses of the mesh',
    ],
  ])('node %j: %s', (node, what, inside) => {
    const text = meshText([], ['firewall = none', ...node], [])
    const mesh = load({ file: 'mesh.ini', text }, keyRingFor(text))
    const said = (mesh.ok ? mesh.warnings : mesh.diagnostics).filter(({ code }) => code === 'unguarded')
    expect(said.map(({ message, hint }) => [message, hint])).toEqual([
      [
        `without a packet filter ${what}`,
        `delete the line, or see to it yourself: ${inside} from the tunnel only, forwarding, masquerading`,
      ],
    ])
  })
})
