export { meshFromJson, meshToJson } from './mesh-json.js'
export { withoutSecrets } from './without-secrets.js'
