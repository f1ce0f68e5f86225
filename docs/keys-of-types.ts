/** Tables of what JSON holds, from the types that it is made of and what is said of them there. */
import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** A key of an answer, in full: `tunnel.peers[].name`. */
export interface TypeKey {
  readonly path: string
  /** What its value may be: `string`, `number`, `boolean`, `list`, `object`, `null`. */
  readonly is: readonly string[]
  readonly holds: string
}

type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration

/** The sources that say what a plan is. */
export const planSources: readonly string[] = [
  ...['mesh', 'plan', 'policy-plan', 'routing-plan', 'spec'].map(name => `src/model/${name}.ts`),
  ...['address', 'brand', 'domain', 'endpoint', 'key', 'name', 'number', 'prefix', 'release'].map(
    name => `src/net/${name}.ts`,
  ),
]

/** The types that these sources declare, by name. */
export const declaredIn = (paths: readonly string[]): ReadonlyMap<string, Declaration> =>
  new Map(
    paths.flatMap(path => {
      const text = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
      const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
      return source.statements.flatMap(one =>
        ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one)
          ? [[one.name.text, one] as const]
          : [],
      )
    }),
  )

/** All keys of a type, those of its parts behind their own. */
export const keysOf = (types: ReadonlyMap<string, Declaration>, name: string): TypeKey[] => {
  const found: TypeKey[] = []
  const members = (of: ts.NodeArray<ts.TypeElement>, at: string): void => {
    for (const member of of) {
      if (!ts.isPropertySignature(member) || !member.type) continue
      const path = `${at}${at === '' ? '' : '.'}${(member.name as ts.Identifier).text}`
      found.push({ path, is: [...new Set(kinds(member.type))].sort(nullLast), holds: saidOf(member) })
      within(member.type, path)
    }
  }
  const kinds = (type: ts.TypeNode): string[] => {
    if (ts.isUnionTypeNode(type)) return type.types.flatMap(kinds)
    if (ts.isTypeOperatorNode(type) || ts.isParenthesizedTypeNode(type)) return kinds(type.type)
    if (ts.isArrayTypeNode(type) || ts.isTupleTypeNode(type)) return ['list']
    if (ts.isLiteralTypeNode(type))
      return [
        type.literal.kind === ts.SyntaxKind.NullKeyword
          ? 'null'
          : ts.isStringLiteral(type.literal)
            ? 'string'
            : 'boolean',
      ]
    if (type.kind === ts.SyntaxKind.StringKeyword) return ['string']
    if (type.kind === ts.SyntaxKind.NumberKeyword) return ['number']
    if (type.kind === ts.SyntaxKind.BooleanKeyword) return ['boolean']
    // One of the words of a list.
    if (ts.isIndexedAccessTypeNode(type)) return ['string']
    const [aliased, text] = referenced(type)
    if (text === 'Brand') return kinds((type as ts.TypeReferenceNode).typeArguments?.[0] as ts.TypeNode)
    if (text === 'PrivateKey' || text === 'PresharedKey') return ['string']
    return aliased && ts.isTypeAliasDeclaration(aliased) ? kinds(aliased.type) : ['object']
  }
  const within = (type: ts.TypeNode, path: string): void => {
    if (ts.isUnionTypeNode(type)) for (const one of type.types) within(one, path)
    else if (ts.isTypeOperatorNode(type) || ts.isParenthesizedTypeNode(type)) within(type.type, path)
    else if (ts.isArrayTypeNode(type)) within(type.elementType, `${path}[]`)
    else if (ts.isTypeLiteralNode(type)) members(type.members, path)
    else if (ts.isTypeReferenceNode(type)) {
      const [declared, text] = referenced(type)
      const [first, second] = type.typeArguments ?? []
      if (text === 'Readonly') within(first as ts.TypeNode, path)
      else if (text === 'Record') {
        found.push({ path: `${path}.NAME`, is: kinds(second as ts.TypeNode), holds: '' })
        within(second as ts.TypeNode, `${path}.NAME`)
      } else if (text === 'Pick') {
        const target = interfaceOf(first as ts.TypeNode)
        const chosen = second?.getText() ?? ''
        if (target)
          members(
            ts.factory.createNodeArray(
              target.members.filter(({ name }) => chosen.includes(`'${(name as ts.Identifier).text}'`)),
            ),
            path,
          )
      } else if (declared && ts.isInterfaceDeclaration(declared)) members(declared.members, path)
      else if (declared && ts.isTypeAliasDeclaration(declared)) within(declared.type, path)
    }
  }
  const referenced = (type: ts.TypeNode): readonly [Declaration | undefined, string] => {
    const text = ts.isTypeReferenceNode(type) ? type.typeName.getText() : ''
    return [types.get(text), text]
  }
  /** The interface that a type is all or some of. */
  const interfaceOf = (type: ts.TypeNode): ts.InterfaceDeclaration | undefined => {
    const [declared, text] = referenced(type)
    if (text === 'Omit') return interfaceOf((type as ts.TypeReferenceNode).typeArguments?.[0] as ts.TypeNode)
    return declared && (ts.isInterfaceDeclaration(declared) ? declared : interfaceOf(declared.type))
  }
  const root = types.get(name)
  if (!root || !ts.isInterfaceDeclaration(root)) throw new Error(`${name} is no interface`)
  members(root.members, '')
  return [...new Set(found.map(({ path }) => path))].map(path => {
    const all = found.filter(one => one.path === path)
    return {
      path,
      is: [...new Set(all.flatMap(({ is }) => is))].sort(nullLast),
      holds: all.find(({ holds }) => holds !== '')?.holds ?? '',
    }
  })
}

const nullLast = (a: string, b: string): number =>
  Number(a === 'null') - Number(b === 'null') || (a < b ? -1 : 1)

/** What stands over a member, as Markdown; links lead nowhere here. */
const saidOf = (member: ts.PropertySignature): string =>
  ts
    .getJSDocCommentsAndTags(member)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join(' ')
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim()
