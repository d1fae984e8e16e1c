import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { startEmulator, StartError } from '../emulator/src/index.ts'
import { buildAdmin } from '../build/build-admin.ts'
import { buildMiniProgram } from '../build/build-mini-program.ts'
import { startBackend } from './backend.ts'
import { demo } from './demo.ts'
import { portFrom, requireFree } from './ports.ts'
import { run, say, Stop } from './say.ts'

// The whole story on one machine: builds the mini-program and the back office, starts the backend on its embedded database and
// the emulator, and prints the one address to open. Ctrl-C ends all of it; the data stays in .data/.

const root = resolve(import.meta.dirname, '..')
const dataFolder = resolve(root, process.env.LEADBELL_DATA ?? '.data')

run(async () => {
  const emulatorPort = portFrom('LEADBELL_PORT', 5300)
  const serverPort = portFrom('LEADBELL_SERVER_PORT', 5301)
  await requireFree(emulatorPort, 'LEADBELL_PORT')
  await requireFree(serverPort, 'LEADBELL_SERVER_PORT')
  const serverUrl = `http://127.0.0.1:${serverPort}`

  say('1/3 构建微信小程序和后台页面 (building the mini-program and the back office) …')
  // Beside dist/build, so that a demo never replaces what ops are about to upload.
  const outDir = resolve(root, 'dist/demo/mp-weixin')
  // The demo's app id, whatever a developer's .env.local says.
  const env = { WECHAT_APPID: demo.wechat.appid }
  const adminDir = resolve(root, 'dist/demo/admin')
  const [build] = await Promise.all([
    buildMiniProgram({ outDir, apiBaseUrl: serverUrl, env, quiet: true }),
    buildAdmin(adminDir).catch((error: Error) => {
      throw new Stop(error.message)
    }),
  ])
  if (!build.ok) throw new Stop(`小程序构建失败 (build failed)：\n${build.output}`)

  say('2/3 启动模拟器 (starting the emulator) …')
  const adminToken = randomBytes(24).toString('base64url')
  const emulator = await startEmulator({
    dist: outDir,
    port: emulatorPort,
    ...demo.wechat,
    icon: demo.icon,
    accounts: demo.phones,
    beside: demo.beside(serverUrl),
    stateFile: resolve(dataFolder, 'wechat.json'),
    deskActions: [demo.assignAction(serverUrl, adminToken)],
  }).catch((error: unknown) => {
    throw error instanceof StartError ? new Stop(error.message) : error
  })

  say('3/3 启动后台服务 (starting the backend) …')
  const logFile = resolve(dataFolder, 'server.log')
  const backend = await startBackend(
    demo.serverEnv({
      port: serverPort,
      wechatUrl: emulator.url,
      dataDir: resolve(dataFolder, 'pglite'),
      adminToken,
      adminDir,
    }),
    logFile,
  ).catch(async (error: unknown) => {
    await emulator.close()
    throw error
  })

  // Whether the backend took it is at /__desk/push; without it the story goes on, only the book learns less.
  await emulator.setPush(demo.pushTarget(serverUrl))

  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    say('\n正在停止 (stopping) …')
    await backend.stop()
    await emulator.close()
    process.exit(0)
  }
  process.on('SIGINT', () => void stop())
  process.on('SIGTERM', () => void stop())
  backend.onExit((code) => {
    if (isStopping) return
    process.stderr.write(`\n✗ 后台服务停了 (the backend ended, code ${code})，日志: ${logFile}\n`)
    void emulator.close().then(() => process.exit(1))
  })

  say(`
  打开 (open):  ${emulator.url}

  左边是后台，用 ${demo.clerk.username} / ${demo.clerk.password} 登录；右边是手机，用 ${demo.account.username} / ${demo.account.password} 登录并点「允许」（仅试用模式的账号）。
  在后台把线索分配给陈小舟，手机就会响。

  Left the back office (${demo.clerk.username} / ${demo.clerk.password}), right a phone (${demo.account.username} / ${demo.account.password}): log in on both, tap 允许,
  assign a lead to 陈小舟, and the phone rings.

  后台 ${serverUrl}/admin/   模拟台 ${emulator.url}/desk   日志 ${logFile}
  按 Ctrl-C 停止；数据留在 ${dataFolder} (Ctrl-C stops, the data stays)
`)
})
