// manifest.json and pages.json live at the top level; the uni compiler reads them in src/, and HBuilderX shows
// src/manifest.json in its visual editor. This keeps both copies in step and loses an edit of neither.
// CommonJS without packages: `npm install` runs it before there are any, and HBuilderX requires it with vite.config.ts.
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const path = require('node:path')

const MIRRORED = ['manifest.json', 'pages.json']

/** The hash of what both copies last agreed on. It lies beside the copies so that it is deleted with them, not with node_modules. */
const BASE = path.join('src', '.mirror.json')

/** git and editors change line ends and byte order marks on their own; that is nobody's edit. */
const hash = (text) =>
  createHash('sha256')
    .update(text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n'))
    .digest('hex')

/**
 * What to do with one file; each argument is a hash, or null for "not there".
 * @returns {'same' | 'down' | 'up' | 'conflict' | 'missing'}
 */
function decide(top, copy, base) {
  if (top === null && copy === null) return 'missing'
  if (top === copy) return 'same'
  if (copy === null) return 'down'
  if (top === null) return 'up'
  if (copy === base) return 'down'
  if (top === base) return 'up'
  return 'conflict'
}

const read = (file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null)

function readBase(file) {
  try {
    return JSON.parse(read(file) ?? '{}')
  } catch {
    return {}
  }
}

function problemOf(name, action) {
  if (action === 'missing') return `缺少 ${name}：请从版本库恢复项目根目录的 ${name}，再编译一次。`
  return `${name} 和 src/${name} 都改过而且内容不同，已停止编译：请合并成一份，让两个文件内容一致（用一份覆盖另一份即可），再编译一次。`
}

/**
 * Brings the copies of one project into step. When one file cannot be decided, none is touched.
 * @param {string} root the project's folder
 * @returns {{ down: string[], up: string[], problems: string[] }} names copied to src/, names carried up, Chinese sentences
 */
function mirror(root) {
  const baseFile = path.join(root, BASE)
  const base = readBase(baseFile)
  const files = MIRRORED.map((name) => {
    const top = read(path.join(root, name))
    const copy = read(path.join(root, 'src', name))
    const action = decide(top === null ? null : hash(top), copy === null ? null : hash(copy), base[name])
    return { name, top, copy, action }
  })
  const bad = files.filter(({ action }) => action === 'conflict' || action === 'missing')
  if (bad.length)
    return { down: [], up: [], problems: bad.map(({ name, action }) => problemOf(name, action)) }

  const agreed = {}
  for (const { name, top, copy, action } of files) {
    // In place, not by rename: the compiler's watcher would lose the file.
    if (action === 'down') fs.writeFileSync(path.join(root, 'src', name), top)
    if (action === 'up') fs.writeFileSync(path.join(root, name), copy)
    agreed[name] = hash(action === 'up' ? copy : top)
  }
  if (MIRRORED.some((name) => base[name] !== agreed[name])) {
    fs.writeFileSync(baseFile, `${JSON.stringify(agreed, null, 2)}\n`)
  }
  const named = (wanted) => files.filter(({ action }) => action === wanted).map(({ name }) => name)
  return { down: named('down'), up: named('up'), problems: [] }
}

/** What the person at the keyboard should know about an edit that travelled upwards. */
const carriedUp = (name) => `src/${name} 里的修改已写回 ${name}，提交代码时请提交 ${name}。`

module.exports = { MIRRORED, carriedUp, decide, mirror }

if (require.main === module) {
  const { up, problems } = mirror(path.resolve(__dirname, '..'))
  for (const name of up) console.log(carriedUp(name))
  for (const problem of problems) console.error(problem)
  if (problems.length) process.exitCode = 1
}
