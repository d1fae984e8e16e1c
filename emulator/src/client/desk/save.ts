/** Hands the person a file of their own browser's downloads. */
export function saveText(name: string, text: string, type = 'text/plain'): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }))
  link.download = name
  link.click()
  // the download has begun by then
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** @throws Error in a browser that keeps its clipboard to itself. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    throw new Error('浏览器不让写剪贴板，请用「保存」')
  }
}
