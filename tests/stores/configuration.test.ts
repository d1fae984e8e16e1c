import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ok } from '../fakes/backend.ts'
import { useFakeHost } from '../fakes/host.ts'

/** The templates a build with these settings asks for. */
async function askedBy(purposes: string): Promise<string[]> {
  vi.stubEnv('VITE_TEMPLATE_PURPOSES', purposes)
  const { useSubscription } = await import('@/stores/subscription.ts')
  await useSubscription().loadTemplates()
  return useSubscription().templates.map(({ templateId }) => templateId)
}

describe('the purposes a build asks for', () => {
  beforeEach(() => {
    // The settings are read once, when the app is loaded.
    vi.resetModules()
    const host = useFakeHost()
    host.backend['GET /notify/templates'] = () =>
      ok({
        templates: [
          { templateId: 'T1', title: '新线索提醒', purpose: 'clue-assigned' },
          { templateId: 'T2', title: '日报', purpose: 'daily-report' },
        ],
      })
    return () => vi.unstubAllEnvs()
  })

  it.each([
    ['', ['T1', 'T2']],
    ['clue-assigned', ['T1']],
    [' daily-report , clue-assigned ,', ['T1', 'T2']],
    ['no-such-purpose', []],
  ])('「%s」: %j', async (purposes, templateIds) => {
    expect(await askedBy(purposes)).toEqual(templateIds)
  })
})
