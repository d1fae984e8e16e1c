// miniprogram-ci's own check of a built project, without an account: `attr` replaces the request for the project's
// attributes, and the key is never used. Prints one line of JSON: { errors: string[] }.
// CommonJS in a process of its own, because the package prints to the console and leaves handles open.
const fs = require('node:fs')
const path = require('node:path')
const ci = require('miniprogram-ci')

const folder = process.argv[2]
const errors = []
const report = process.stdout.write.bind(process.stdout)
for (const method of ['log', 'warn', 'error', 'info']) console[method] = () => undefined

async function attempt(name, check) {
  try {
    await check()
  } catch (error) {
    errors.push(`${name}: ${String(error?.message ?? error).trim()}`)
  }
}

async function main() {
  const project = new ci.Project({
    appid: 'wx0000000000000000',
    type: 'miniProgram',
    projectPath: folder,
    privateKey: 'unused',
    ignores: ['node_modules/**/*'],
    attr: async () => ({ ...ci.DefaultProjectAttr }),
  })
  await attempt('app.json', () => ci.getAppJSON(project))
  await attempt('pages', async () => {
    const { pages, subPackages = [] } = JSON.parse(fs.readFileSync(path.join(folder, 'app.json'), 'utf8'))
    const inSubPackages = subPackages.flatMap(({ root, pages }) =>
      pages.map((page) => path.posix.join(root, page)),
    )
    for (const pagePath of [...pages, ...inSubPackages]) {
      await attempt(pagePath, () => ci.getPageJSON(project, { miniprogramRoot: '', pagePath }))
    }
  })
  await attempt('compile', () =>
    ci.getCompiledResult({
      project,
      version: '1',
      setting: { es6: true, minify: true, minifyWXSS: true },
      onProgressUpdate() {},
    }),
  )
  report(`\n${JSON.stringify({ errors })}\n`, () => process.exit(0))
}

void main()
