import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const compressible = /\.(js|css|svg|html)$/
/** Below it a header and a second file cost more than they save. */
const MIN_BYTES = 1024

/** Writes a .br and a .gz beside each built file, so that the server compresses nothing while it serves. */
export function precompressed(): Plugin {
  return {
    name: 'precompressed',
    apply: 'build',
    // after what another build left there and what public/ holds; never after a build that failed
    writeBundle: async ({ dir: folder }) => {
      if (folder === undefined) throw new Error('a build without a folder')
      const files = await readdir(folder, { recursive: true })
      // index.html is filled in by the server and stays as it is
      const wanted = files.filter((file) => compressible.test(file) && file !== 'index.html')
      await Promise.all(wanted.map((file) => compress(join(folder, file))))
    },
  }
}

async function compress(file: string): Promise<void> {
  const bytes = await readFile(file)
  if (bytes.length < MIN_BYTES) return
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
  await Promise.all([
    promisify(brotliCompress)(bytes, quality).then((small) => writeFile(`${file}.br`, small)),
    promisify(gzip)(bytes, { level: 9 }).then((small) => writeFile(`${file}.gz`, small)),
  ])
}
