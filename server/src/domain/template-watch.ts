import type { AccessTokens } from '../wechat/access-token.ts'
import type { Context } from './context.ts'
import { checkTemplates, type TemplateCheck } from './template-check.ts'

export interface TemplateWatch {
  /** Asks WeChat and remembers the answer; never rejects. */
  check(): Promise<void>
  /** What a person should mend, in Chinese and English; empty while nothing is known. */
  warnings(): string[]
}

/** The templates of the configuration beside WeChat's own list: an alarm for every mismatch. */
export function createTemplateWatch(ctx: Context, tokens: AccessTokens): TemplateWatch {
  let latest: TemplateCheck | undefined
  return {
    check: async () => {
      try {
        latest = await checkTemplates({ ...ctx, tokens })
        if (latest.kind === 'checked')
          for (const _ of latest.mismatches) ctx.metrics.alarmed('template-mismatch')
      } catch (err) {
        ctx.log.error({ err }, 'templates not checked')
      }
    },
    warnings: () => (latest ? warningsOf(latest) : []),
  }
}

function warningsOf(check: TemplateCheck): string[] {
  switch (check.kind) {
    case 'checked':
      return check.mismatches.map(({ templateId, sentence }) => `${templateId}: ${sentence}`)
    case 'unreachable':
      return ['启动时没能从微信取到模板列表，模板没有核对 (templates not checked)']
  }
}
