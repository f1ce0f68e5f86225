export { type DrawFormat, draw } from './draw.js'
