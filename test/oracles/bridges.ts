import { parse } from 'yaml'

/** A managed bridge as LXD's or Incus's YAML has it. */
export interface BridgeFile {
  readonly name: string
  readonly type: string
  readonly config: Readonly<Record<string, unknown>>
}

/** Reads the file as YAML 1.1, as the daemons do: there an unquoted `1:2`, `no` or `off` is no string. */
export const readBridge = (text: string): BridgeFile => parse(text, { version: '1.1' }) as BridgeFile

export const readPreseed = (text: string): { readonly networks: readonly BridgeFile[] } =>
  parse(text, { version: '1.1' }) as { networks: BridgeFile[] }
