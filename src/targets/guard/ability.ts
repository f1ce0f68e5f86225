import type { Ability } from '../../render/target.js'

export const ability: Ability = {
  name: 'guard',
  concerns: ['firewall'],
  supports: () => [],
}
