/** Something in the built mini-program that WeChat would refuse, or that the emulator cannot run. */
export interface Problem {
  /** Path inside the built folder. */
  file: string
  /** Counted from 1. */
  line?: number
  column?: number
  message: string
  /** A warning does not stop the package. */
  level: 'error' | 'warning'
}

/** 'pages/login/login.wxml:3:12: …', the shape editors make a link of. */
export function problemLine({ file, line, column, message }: Problem): string {
  const place = [file, ...(line === undefined ? [] : [line]), ...(column === undefined ? [] : [column])]
  return `${place.join(':')}: ${message}`
}

/** Line and column of an offset into a text, counted from 1. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
