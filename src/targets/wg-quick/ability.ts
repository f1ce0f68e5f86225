import type { NodePlan } from '../../model/plan.js'
import type { Ability, Unsupported } from '../../render/target.js'

export const ability: Ability = {
  name: 'wg-quick',
  concerns: ['tunnel', 'overlay'],
  supports: node => [...unreadableHooks(node), ...overlayAlone(node)],
}

/** wg-quick reads a line up to `#`, whatever quotes are around it. */
const unreadableHooks = ({ tunnel: { hooks } }: NodePlan): Unsupported[] =>
  Object.entries(hooks).flatMap(([key, commands]: [string, readonly string[]]) =>
    commands.flatMap((command, at) =>
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      /[#\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(command)
        ? [
            {
              path: `tunnel.hooks.${key}[${at}]`,
              fact: 'wg-quick cuts a hook short at "#", and a hook is one line without control characters',
            },
          ]
        : [],
    ),
  )

/** The VXLAN device hangs on the hooks of the tunnel's file. */
const overlayAlone = ({ targets }: NodePlan): Unsupported[] =>
  targets.overlay === 'wg-quick' && targets.tunnel !== 'wg-quick'
    ? [{ path: 'targets.overlay', fact: 'wg-quick makes the overlay only together with its own tunnel' }]
    : []
