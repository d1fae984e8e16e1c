import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { phone, template, testCloud } from '../testing/cloud.ts'

const ids = ['A', 'B', 'C']
const someIds = fc.uniqueArray(fc.constantFrom(...ids), { minLength: 1 })

type Step =
  | { do: 'ask'; ids: string[]; accepted: string[]; keep: boolean }
  | { do: 'flip'; id: string; to: 'accept' | 'reject' }
  | { do: 'main'; on: boolean }
  | { do: 'refuse'; id: string }
  | { do: 'send'; id: string; good: boolean }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('ask' as const), ids: someIds, accepted: someIds, keep: fc.boolean() }),
  fc.record({
    do: fc.constant('flip' as const),
    id: fc.constantFrom(...ids),
    to: fc.constantFrom('accept' as const, 'reject' as const),
  }),
  fc.record({ do: fc.constant('main' as const), on: fc.boolean() }),
  fc.record({ do: fc.constant('refuse' as const), id: fc.constantFrom(...ids) }),
  fc.record({ do: fc.constant('send' as const), id: fc.constantFrom(...ids), good: fc.boolean() }),
)

describe('grants', () => {
  it('H19 H36 H39 whatever happens: grants are accepts minus successful sends, and never negative', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { cloud, ask, send } = testCloud()
        const expected: Record<string, number> = { A: 0, B: 0, C: 0 }
        for (const it of steps) {
          switch (it.do) {
            case 'ask': {
              if (!cloud.phone.readSettings(phone).mainSwitch) break
              for (const [id, value] of Object.entries(ask(it.ids, it.accepted, it.keep)))
                if (value === 'accept') expected[id] = (expected[id] ?? 0) + 1
              break
            }
            case 'flip':
              cloud.phone.writeSettings({ openid: phone, items: { [it.id]: it.to } })
              break
            case 'main':
              cloud.phone.writeSettings({ openid: phone, mainSwitch: it.on })
              break
            case 'refuse':
              cloud.phone.refuse(phone, it.id)
              break
            case 'send': {
              const errcode = send(it.id, it.good ? {} : { data: {} })
              expect([0, 43101, 47003]).toContain(errcode)
              if (errcode === 0) expected[it.id] = (expected[it.id] ?? 0) - 1
            }
          }
          const held = { A: 0, B: 0, C: 0, ...cloud.quota(phone) }
          expect(held).toEqual(expected)
          expect(Math.min(...Object.values(held))).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('H41 nothing the phone or the server can ask tells one grant from many', () => {
    const few = fc.integer({ min: 1, max: 9 })
    fc.assert(
      fc.property(few, few, fc.boolean(), (left, right, keep) => {
        const seen = (grants: number) => {
          const { cloud, ask, send } = testCloud()
          for (let n = 0; n < grants; n++) ask(['A'], ['A'])
          const answers: unknown[] = [ask(['A'], ['A'], keep), send('A')]
          const { body } = cloud.api.call('gettemplate', { query: { access_token: 'x' } }) as { body: string }
          answers.push(body.replace(/rid: .*/, ''), cloud.phone.state(phone), cloud.phone.readSettings(phone))
          const calls = JSON.stringify(cloud.calls()).replaceAll(/rid: [\w-]+/g, '')
          answers.push(cloud.phone.messages(phone), calls, cloud.phone.openPanel(phone, ['A', 'B']))
          return answers
        }
        expect(seen(left)).toEqual(seen(right))
      }),
    )
  })

  it('H19 a long-term acceptance pays for many messages', () => {
    const { cloud, ask, send } = testCloud({ templates: [template('L', { type: 3 })] })
    expect(send('L')).toBe(43101)
    ask(['L'], ['L'])
    expect([send('L'), send('L'), send('L')]).toEqual([0, 0, 0])
    cloud.phone.refuse(phone, 'L')
    expect(send('L')).toBe(43101)
  })
})
