import type { PrivateTemplate, SubscribeValue } from '../protocol.ts'

/** What an accepted template's answer says (H18). */
export const acceptValue = (template: PrivateTemplate): SubscribeValue => template.acceptedAs ?? 'accept'

export interface TemplateKey {
  /** As the card shows it: 线索名称. */
  label: string
  /** thing1 */
  name: string
  /** thing */
  type: string
}

/** The keys of a template in its order, from `线索名称:{{thing1.DATA}}` (wechat-platform.md §7.1). */
export function templateKeys({ content }: PrivateTemplate): TemplateKey[] {
  return content.split('\n').flatMap((line) => {
    const found = /^(.*?)[:：]?\s*\{\{(([a-z_]+?)\d*)\.DATA\}\}/.exec(line)
    if (!found) return []
    const [, label = '', name = '', type = ''] = found
    return [{ label: label.trim(), name, type }]
  })
}
