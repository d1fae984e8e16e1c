import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { buildMiniProgram } from '../build/build-mini-program.ts'
import { newDatabase } from '../tests/story/build-once.ts'
import { BUILT_API_BASE_URL, startWorld, type World } from '../tests/story/world.ts'
import { requireChromium } from './chromium.ts'
import { scenes } from './gallery-scenes.ts'
import { run, say, Stop } from './say.ts'

// Every page in every state, from the real build in the emulator: light, dark, large font, both.
//   npm run gallery                      all, into docs/gallery
//   npm run gallery -- pictures detail   scenes whose name holds "detail", into another folder

const folder = resolve(process.argv[2] ?? resolve(import.meta.dirname, '../docs/gallery'))
const wanted = process.argv[3] ?? ''

/** For the phone to hear of it and to draw. */
const SETTLE_MS = 500

const looks = [
  { theme: 'light', fontSize: 16 },
  { theme: 'dark', fontSize: 16 },
  { theme: 'light', fontSize: 23 },
  { theme: 'dark', fontSize: 23 },
] as const

run(async () => {
  mkdirSync(folder, { recursive: true })
  const work = mkdtempSync(join(tmpdir(), 'leadbell-gallery-'))
  const dist = join(work, 'mp-weixin')
  const build = await buildMiniProgram({ outDir: dist, apiBaseUrl: BUILT_API_BASE_URL, quiet: true })
  if (!build.ok) throw new Stop(build.output)
  try {
    const shown = scenes.filter(({ name }) => name.includes(wanted))
    const database = await newDatabase(work)
    // One world for each scene: what one changes, another must not show.
    for (const scene of shown) {
      const world = await startWorld({ dist, database })
      try {
        const shots = await shoot(world, scene.play, work)
        await combine(shots, join(folder, `${scene.name}.webp`))
        say(`${scene.name}.webp  ${scene.title}`)
      } finally {
        await world.close()
      }
    }
    if (!wanted) writeFileSync(join(folder, 'README.md'), index())
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
})

/** The scene once, then the same screen in each look: WeChat changes theme and font size under a running page. */
async function shoot(world: World, play: (typeof scenes)[number]['play'], work: string): Promise<string[]> {
  const phone = await play(world)
  const paths: string[] = []
  for (const [index, look] of looks.entries()) {
    world.emulator.setPhone(look)
    await pause(SETTLE_MS)
    const path = join(work, `${index}.png`)
    await phone.screenshot(path)
    paths.push(path)
  }
  return paths
}

/** Side by side in one picture, as WebP: a quarter of the bytes, and one file a scene. */
async function combine(paths: string[], to: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: requireChromium(), args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    const shots = paths.map((path) => `data:image/png;base64,${readFileSync(path).toString('base64')}`)
    const webp = await page.evaluate(async (sources) => {
      const GAP = 12
      const images = await Promise.all(
        sources.map(async (source) => {
          const image = new Image()
          image.src = source
          await image.decode()
          return image
        }),
      )
      const [width, height] = [375, 667]
      const canvas = document.createElement('canvas')
      canvas.width = images.length * (width + GAP) + GAP
      canvas.height = height + 2 * GAP
      const pen = canvas.getContext('2d')
      if (!pen) throw new Error('no canvas')
      pen.fillStyle = '#8a8f96'
      pen.fillRect(0, 0, canvas.width, canvas.height)
      images.forEach((image, n) => pen.drawImage(image, GAP + n * (width + GAP), GAP, width, height))
      return canvas.toDataURL('image/webp', 0.82)
    }, shots)
    writeFileSync(to, Buffer.from(webp.split(',')[1] ?? '', 'base64'))
  } finally {
    await browser.close()
  }
}

const index = () => `# Gallery

Every page in each of its states, from the real build in the emulator at 375 × 667: light, dark, large font (23), both. Made by \`npm run gallery\`.

${scenes.map(({ name, title }) => `## ${title}\n\n![${title}](${name}.webp)\n`).join('\n')}`
