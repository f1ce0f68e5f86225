import type { Ability } from '../../render/target.js'

export const ability: Ability = {
  name: 'iproute2',
  concerns: ['evpn'],
  supports: () => [],
}
