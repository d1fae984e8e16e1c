import svgCaptcha from 'svg-captcha'
import { CHARACTERS } from '../domain/captcha.ts'

/** Reads the picture as a person does, by its shapes: which curves each letter has, from left to right. */
export function readCaptcha(dataUrl: string): string {
  const svg = Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64').toString()
  return glyphsOf(svg)
    .sort((a, b) => a.left - b.left)
    .map(({ shape }) => letters.get(shape) ?? '?')
    .join('')
}

// L is left out: the library strews short lines in
const shapeOf = (path: string) => path.replace(/[^QMZC]/g, '')

function glyphsOf(svg: string): { shape: string; left: number }[] {
  return [...svg.matchAll(/<path fill="#[^"]*" d="([^"]*)"/g)].map(([, path = '']) => ({
    shape: shapeOf(path),
    left: Number(/M(-?[\d.]+)/.exec(path)?.[1]),
  }))
}

const letters = new Map(
  [...CHARACTERS].map((letter) => {
    const svg = svgCaptcha.create({ size: 1, charPreset: letter, noise: 0 }).data
    return [glyphsOf(svg)[0]?.shape, letter]
  }),
)
