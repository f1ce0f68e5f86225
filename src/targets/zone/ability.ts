import type { Ability } from '../../render/target.js'

export const ability: Ability = {
  name: 'zone',
  concerns: ['names'],
  supports: () => [],
}
