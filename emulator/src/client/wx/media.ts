import { mimeOf } from '../files.ts'
import { samplePictures } from '../sample-pictures.ts'
import { asyncApi, fail, ok, textOption, type Outcome } from './api.ts'
import { withScope } from './authorize.ts'
import type { WxHost } from './host.ts'

type Options = Record<string, unknown>

const MOST_CHOSEN = 9
/** Codes of the sheet that stands for the camera. */
const scanTypes: Record<string, string> = { qrCode: 'QR_CODE', barCode: 'EAN_13' }

/** Pictures and codes. What an album or a camera would give comes from pictures made here, or is typed. */
export function mediaApis(host: WxHost) {
  const { shell, files } = host

  const chosen = (
    options: Options,
  ): Promise<{ path: string; size: number; width: number; height: number }[] | null> =>
    new Promise((resolve) => {
      const count = Math.min(Number(options.count ?? MOST_CHOSEN), 20)
      const pictures = samplePictures()
      const urls = pictures.map(({ name, bytes }) => ({ name, url: host.files.preview(bytes, 'png') }))
      shell.choosePictures({ count, pictures: urls }, (rows) =>
        resolve(
          rows &&
            pictures
              .filter((_, row) => rows.includes(row))
              .map(({ bytes, width, height }) => ({
                ...{ width, height, size: bytes.length },
                path: files.addTemporary(bytes, 'png'),
              })),
        ),
      )
    })

  const asks = (options: Options, what: string) =>
    !Array.isArray(options.mediaType) || options.mediaType.some((type) => type === what || type === 'mix')

  async function chooseMedia(options: Options): Promise<Outcome> {
    if (!asks(options, 'image')) return absent('chooseMedia mediaType video')
    const pictures = await chosen(options)
    if (!pictures) return fail('cancel')
    const tempFiles = pictures.map(({ path, size, width, height }) => ({
      ...{ tempFilePath: path, fileType: 'image', size, width, height },
    }))
    return ok({ type: 'image', tempFiles })
  }

  async function chooseImage(options: Options): Promise<Outcome> {
    const pictures = await chosen(options)
    if (!pictures) return fail('cancel')
    return ok({
      tempFilePaths: pictures.map(({ path }) => path),
      tempFiles: pictures.map(({ path, size }) => ({ path, size })),
    })
  }

  function absent(what: string): Outcome {
    const words = `${what} is not part of this emulator`
    host.inspection.note('media', new Error(words))
    return fail(words)
  }

  function previewImage(options: Options): Outcome {
    const given = Array.isArray(options.urls) ? options.urls.map(String) : []
    if (given.length === 0) return fail('parameter error: parameter.urls should have at least one item')
    const current = Math.max(0, given.indexOf(String(options.current)))
    shell.showPictures({ urls: given.map((url) => host.assetUrl(url)), current })
    return ok()
  }

  function previewMedia(options: Options): Outcome {
    const sources = Array.isArray(options.sources)
      ? (options.sources as { url?: string; type?: string }[])
      : []
    if (sources.some(({ type }) => type === 'video')) return absent('previewMedia of a video')
    const urls = sources.map(({ url }) => url)
    return previewImage({ urls, current: urls[Number(options.current ?? 0)] })
  }

  function getImageInfo(options: Options): Promise<Outcome> {
    const src = textOption(options, 'src')
    const url = host.assetUrl(src)
    return new Promise((resolve) => {
      const picture = new Image()
      picture.onload = () =>
        resolve(
          ok({
            ...{ width: picture.naturalWidth, height: picture.naturalHeight, path: src },
            ...{ orientation: 'up', type: typeOf(url) },
          }),
        )
      picture.onerror = () => resolve(fail('image not found'))
      picture.src = url
    })
  }

  const saveToAlbum = (options: Options) =>
    withScope(host, 'scope.writePhotosAlbum', () => {
      const filePath = textOption(options, 'filePath')
      const isPackaged = !/^(https?|wxfile):/.test(filePath) && filePath !== ''
      // WeChat takes files, never an address
      return isPackaged || files.facts(filePath) ? ok() : fail('invalid file type')
    })

  function scanCode(options: Options): Promise<Outcome> {
    const wanted = Array.isArray(options.scanType) ? options.scanType.map(String) : ['barCode', 'qrCode']
    const scanType = scanTypes[wanted.includes('qrCode') ? 'qrCode' : (wanted[0] ?? 'qrCode')] ?? 'QR_CODE'
    return new Promise((resolve) =>
      shell.askModal(
        {
          ...{ title: '扫一扫', content: '', editable: true, placeholderText: '输入码的内容' },
          ...{ showCancel: true, confirmText: '扫到了', cancelText: '取消' },
          ...{ confirmColor: undefined, cancelColor: undefined },
        },
        ({ confirm, content }) =>
          resolve(
            confirm
              ? ok({ result: content, scanType, charSet: 'UTF-8', path: '', rawData: '' })
              : fail('cancel'),
          ),
      ),
    )
  }

  const later = (name: string, perform: (options: Options) => Outcome | Promise<Outcome>) =>
    asyncApi(host, { name, tap: 'none', perform })

  return {
    chooseMedia: later('chooseMedia', host.privacy.guarded('chooseMedia', chooseMedia)),
    chooseImage: later('chooseImage', host.privacy.guarded('chooseImage', chooseImage)),
    previewImage: later('previewImage', previewImage),
    previewMedia: later('previewMedia', previewMedia),
    getImageInfo: later('getImageInfo', getImageInfo),
    // what comes out is what went in: nothing here compresses
    compressImage: later('compressImage', (options) => ok({ tempFilePath: textOption(options, 'src') })),
    saveImageToPhotosAlbum: later(
      'saveImageToPhotosAlbum',
      host.privacy.guarded('saveImageToPhotosAlbum', saveToAlbum),
    ),
    scanCode: later('scanCode', scanCode),
  }
}

function typeOf(url: string): string {
  const data = /^data:image\/([\w+]+)/.exec(url)?.[1]
  const type = data ?? mimeOf(url.split(/[?#]/)[0]?.split('.').at(-1) ?? '').replace('image/', '')
  return type === 'application/octet-stream' ? 'unknown' : type
}
