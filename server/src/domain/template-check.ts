import type { Logger } from 'pino'
import type { AccessTokens } from '../wechat/access-token.ts'
import type { TemplatesOutcome, WechatClient } from '../wechat/client.ts'
import { compareTemplates, type MessageTemplate, type TemplateMismatch } from '../wechat/templates.ts'

export interface TemplateCheckOptions {
  wechat: Pick<WechatClient, 'getTemplates'>
  tokens: AccessTokens
  templates: readonly MessageTemplate[]
  log: Logger
}

export type TemplateCheck =
  { kind: 'checked'; mismatches: TemplateMismatch[] } | { kind: 'unreachable'; why: string }

/**
 * Compares the configured templates with WeChat's own list and logs every mismatch as an error. WeChat being away is
 * no mismatch: then nothing is known, and messages are tried as usual.
 */
export async function checkTemplates({
  wechat,
  tokens,
  templates,
  log,
}: TemplateCheckOptions): Promise<TemplateCheck> {
  const outcome = await askOnce(wechat, tokens)
  if (outcome.kind !== 'templates') {
    const why = outcome.errcode === null ? outcome.errmsg : `${outcome.errcode} ${outcome.errmsg}`
    const level = outcome.kind === 'configBroken' ? 'error' : 'warn'
    log[level]({ wechat: outcome }, 'templates not checked: WeChat did not list them')
    return { kind: 'unreachable', why }
  }
  const mismatches = compareTemplates(templates, outcome.templates)
  for (const { templateId, kind, sentence } of mismatches) log.error({ templateId, mismatch: kind }, sentence)
  return { kind: 'checked', mismatches }
}

/** Once; twice when the first was refused for its token. */
async function askOnce(
  wechat: TemplateCheckOptions['wechat'],
  tokens: AccessTokens,
): Promise<TemplatesOutcome> {
  const first = await tokens.get()
  if (first.kind !== 'token') return first
  const outcome = await wechat.getTemplates(first.access.token)
  if (outcome.kind !== 'tokenRejected') return outcome
  const renewed = await tokens.replace(first.access)
  return renewed.kind === 'token' ? wechat.getTemplates(renewed.access.token) : renewed
}
