import type { Command } from '../command.js'
import { addClient } from './add-client.js'
import { addNode } from './add-node.js'
import { check } from './check.js'
import { completion } from './completion.js'
import { diff } from './diff.js'
import { draw } from './draw.js'
import { exclude } from './exclude.js'
import { gen } from './gen.js'
import { impact } from './impact.js'
import { importCommand } from './import.js'
import { init } from './init.js'
import { page } from './page.js'
import { plan } from './plan.js'
import { qr } from './qr.js'
import { removeClient } from './remove-client.js'
import { removeNode } from './remove-node.js'
import { renameClient } from './rename-client.js'
import { renameNode } from './rename-node.js'
import { rotateKey } from './rotate-key.js'
import { rotatePsk } from './rotate-psk.js'
import { set } from './set.js'
import { show } from './show.js'
import { showConf } from './showconf.js'
import { status } from './status.js'
import { verify } from './verify.js'
import { genKey, genPsk, pubKey } from './wg-keys.js'
import { zone } from './zone.js'

/** Every command, in the order in which --help lists them. A new one is a file and a line here. */
export const commands: readonly Command[] = [
  init,
  addNode,
  removeNode,
  renameNode,
  addClient,
  removeClient,
  renameClient,
  set,
  exclude,
  rotateKey,
  rotatePsk,
  check,
  gen,
  diff,
  impact,
  verify,
  draw,
  status,
  page,
  show,
  showConf,
  qr,
  plan,
  genKey,
  genPsk,
  pubKey,
  importCommand,
  zone,
  completion,
]

export const nameOf = ({ usage }: Command): string => usage.split(' ')[0] as string

/** A command by its name, or by another word for it. */
export const commandCalled = (word: string): Command | undefined =>
  commands.find(command => nameOf(command) === word || command.aliases?.includes(word))

export const commandNames = [...commands.map(nameOf), 'help']
