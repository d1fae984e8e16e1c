/** One line of wechat-platform.md §14: what WeChat does and an emulator must do too. */
export interface Behaviour {
  /** 'H12' */
  number: string
  /** As the document words it, in Markdown. */
  text: string
  /** The heading it stands under. */
  group: string
  /** ⚙: the sources conflict or are silent, so the emulator has a named option for it. */
  isOpen: boolean
}

const SECTION = /^## 14\. .*?\n(?<body>[\s\S]*?)(?=^## |(?![\s\S]))/m

/** @throws Error when the section is not there or its numbers have a gap */
export function readBehaviours(document: string): Behaviour[] {
  const body = SECTION.exec(document)?.groups?.body
  if (body === undefined) throw new Error('wechat-platform.md has no section 14')
  const behaviours: Behaviour[] = []
  let group = ''
  for (const line of body.split('\n')) {
    const heading = /^\*\*(.+)\*\*$/.exec(line)?.[1]
    if (heading !== undefined) group = heading
    const [, number, text] = /^- (H\d+) (.+)$/.exec(line) ?? []
    if (number === undefined || text === undefined) continue
    if (number !== `H${behaviours.length + 1}`)
      throw new Error(`section 14: ${number} follows H${behaviours.length}`)
    behaviours.push({ number, text, group, isOpen: text.includes('⚙') })
  }
  if (behaviours.length === 0) throw new Error('section 14 lists no behaviours')
  return behaviours
}
