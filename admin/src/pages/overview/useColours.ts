import { onBeforeUnmount, shallowRef, type ShallowRef } from 'vue'

const variables = {
  text: '--el-text-color-primary',
  muted: '--el-text-color-secondary',
  lines: '--el-border-color-lighter',
  paper: '--paper',
  primary: '--el-color-primary',
  success: '--el-color-success',
  warning: '--el-color-warning',
  danger: '--el-color-danger',
  info: '--el-color-info',
} as const

export type Colours = Record<keyof typeof variables, string>

/** The theme's colours of this moment, for what CSS does not reach. */
export function useColours(): Readonly<ShallowRef<Colours>> {
  const root = document.documentElement
  const colours = shallowRef(read())
  const watcher = new MutationObserver(() => {
    colours.value = read()
  })
  watcher.observe(root, { attributes: true, attributeFilter: ['class'] })
  onBeforeUnmount(() => watcher.disconnect())
  return colours

  function read(): Colours {
    const style = getComputedStyle(root)
    const entries = Object.entries(variables).map(([name, variable]) => [
      name,
      style.getPropertyValue(variable).trim(),
    ])
    return Object.fromEntries(entries) as Colours
  }
}
