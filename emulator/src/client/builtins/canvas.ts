import { control, type Behaviour, type Builtin } from './define.ts'

/** What WeChat's Canvas has beside the browser's own members. */
function asWxCanvas(self: Builtin): HTMLCanvasElement {
  const element = control<HTMLCanvasElement>(self)
  return Object.assign(element, {
    createImage: () => imageOf(self),
    createImageData: (...given: ConstructorParameters<typeof ImageData>) => new ImageData(...given),
    createPath2D: (path?: Path2D | string) => new Path2D(path),
    requestAnimationFrame: (run: FrameRequestCallback) => requestAnimationFrame(run),
    cancelAnimationFrame: (id: number) => cancelAnimationFrame(id),
  })
}

/** An image whose `src` is read as a page's is: paths are those of the package. */
function imageOf({ host }: Builtin): HTMLImageElement {
  const image = new Image()
  const src = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'src')
  Object.defineProperty(image, 'src', {
    get: () => src?.get?.call(image) as string,
    set: (url: string) => src?.set?.call(image, host.assetUrl(url)),
  })
  return image
}

/** `type="2d"` is the browser's own canvas, reached through `SelectorQuery.node()`; the old kind is not drawn. */
export const canvas: Behaviour = {
  attached(self) {
    const type = String(self.data.type || '')
    if (type === '') self.host.missing('<canvas canvas-id> without type="2d"')
    else if (type !== '2d') self.host.missing(`<canvas type="${type}">`)
    const element = control<HTMLCanvasElement>(self)
    for (const name of ['touchstart', 'touchmove'])
      element.addEventListener(
        name,
        (event) => {
          if (self.data.disableScroll && event.cancelable) event.preventDefault()
        },
        { passive: false },
      )
  },
  node: (self) => (self.data.type === '2d' ? asWxCanvas(self) : null),
}
