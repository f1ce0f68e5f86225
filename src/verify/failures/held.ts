import { byPlace, type Diagnostic } from '../../diagnostics/index.js'
import type { Expectation } from '../expect/expectation.js'
import { flowsHeld } from '../expect/held.js'
import type { NodeFolder } from '../node.js'
import { type Study, studyOf } from '../verify.js'
import { survivalsHeld } from './survival.js'

/**
 * Which expectations the files of nodes do not bear out: an error each at the place where somebody wrote it, with the place
 * in the files that keeps it from being so; a warning where they do not decide it.
 */
export const expectationsHeld = (
  folders: readonly NodeFolder[],
  expectations: readonly Expectation[],
): Diagnostic[] => (expectations.length === 0 ? [] : heldIn(studyOf(folders), expectations))

/** The same of a tree that was read. */
export const heldIn = (study: Study, expectations: readonly Expectation[]): Diagnostic[] =>
  byPlace([...flowsHeld(study.net, expectations), ...survivalsHeld(study, expectations)])
