export { expectationsIn, sitesOf } from './expectations.js'
export { foldersOf } from './folders.js'
export { namesIn } from './names.js'
