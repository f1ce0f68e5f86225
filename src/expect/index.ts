export { expectationsIn, sitesOf } from './expectations.js'
export { eachFolder, foldersOf } from './folders.js'
export { namesIn } from './names.js'
