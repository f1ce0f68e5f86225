/**
 * For typedoc: says of each export what one does with it, by the folder that it is in, so that the reference has an
 * order that is not the alphabet. A folder that is not here fails the build.
 */
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc'

const tasks = [
  [/^src\/(parse|model\/(spec|description|expect))/, 'A mesh'],
  [/^src\/model\/mesh/, 'A mesh'],
  [/^src\/(plan|model)\//, 'Plans'],
  [/^src\/(generate|render|targets|resolve)/, 'Files and targets'],
  [/^src\/(impact|json)\//, 'Comparing and keeping'],
  [/^src\/edit\//, 'Editing mesh.ini'],
  [/^src\/(draw|survey)\//, 'Looking at a mesh'],
  [/^src\/(verify|expect)\//, 'Verifying files'],
  [/^src\/fleet\//, 'What nodes say'],
  [/^src\/(import|readers)\//, 'Importing'],
  [/^src\/files\//, 'On disk'],
  [/^src\/diagnostics\//, 'Diagnostics'],
  [/^src\/net\//, 'Values of the field'],
]

/** Of generate.ts, which has the doors of two tasks. */
const doors = new Set(['load', 'meshOf'])

const taskOf = (name, path) => {
  if (doors.has(name)) return 'A mesh'
  const task = tasks.find(([pattern]) => pattern.test(path))?.[1]
  if (task === undefined) throw new Error(`docs/by-task.mjs has no task for ${path}`)
  return task
}

export const load = app => {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.SomeModule | ReflectionKind.Project))
      for (const child of reflection.children ?? []) {
        if (child.kindOf(ReflectionKind.SomeModule)) continue
        const path = project.getSymbolIdFromReflection(child)?.packagePath
        if (path === undefined) continue
        const tag = () => new CommentTag('@category', [{ kind: 'text', text: taskOf(child.name, path) }])
        for (const one of child.signatures ?? [child]) {
          one.comment ??= new Comment()
          one.comment.blockTags.push(tag())
        }
      }
  })
}
