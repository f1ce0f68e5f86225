import type { Ability } from '../../render/target.js'

export const ability: Ability = {
  name: 'hosts',
  concerns: ['names'],
  supports: () => [],
}
