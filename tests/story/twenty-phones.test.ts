import type { DeliveryPage, StaffDetail } from '@leadbell/contract'
import { describe, expect, it, vi } from 'vitest'
import { demo } from '../../scripts/demo.ts'
import { accountsOf, hearOfTheLead, hire, logIn, type Person } from './people.ts'
import { useWorld } from './use-world.ts'

const COUNT = 20

describe('twenty phones at once', () => {
  const world = useWorld(undefined, { accounts: accountsOf(COUNT) })

  /** What both books hold for one person. */
  const books = async ({ id, openid }: Person) => {
    const { quota, ledger } = await world.admin<StaffDetail>('GET', `/admin/staff/${id}`)
    return {
      wechat: world.emulator.quota(openid)[demo.templateId] ?? 0,
      backend: quota[demo.templateId] ?? 0,
      // the phone and WeChat's push tell of the same grant, which is counted once
      counted: ledger.flatMap(({ kind, delta }) => (delta === 0 ? [] : [`${kind} ${delta}`])).reverse(),
    }
  }

  it('every one logs in, allows, is given a lead, hears of it and opens it; each sees its own alone', async () => {
    const people = await hire(world, COUNT)
    const each = <T>(act: (person: Person) => Promise<T>): Promise<T[]> => Promise.all(people.map(act))

    await each((person) => logIn(world, person))
    expect(await each(books)).toEqual(people.map(() => ({ wechat: 1, backend: 1, counted: ['grant 1'] })))

    const leads = await each((person) => hearOfTheLead(world, person))
    expect(await each(({ phone }) => phone.byId('clue-title').innerText())).toEqual(
      people.map(({ title }) => title),
    )

    // one message for each lead, to the one it is for, and both books say so
    expect(people.map(({ openid }) => world.emulator.cloud.phone.messages(openid))).toEqual(
      leads.map(({ id }) => [expect.objectContaining({ page: `pages/clue/detail?id=${id}` })]),
    )
    const sent = world.sentMessages().map(({ openid }) => openid)
    expect(sent.sort()).toEqual(people.map(({ openid }) => openid).sort())
    for (const { id } of leads) {
      const { items } = await world.admin<DeliveryPage>('GET', `/admin/deliveries?clueId=${id}`)
      expect(items).toMatchObject([{ attempts: 1 }])
    }
    await vi.waitFor(async () =>
      expect(await each(books)).toEqual(
        people.map(() => ({ wechat: 0, backend: 0, counted: ['grant 1', 'spend -1'] })),
      ),
    )

    await each(async ({ phone, title }) => {
      expect(await phone.errors()).toEqual([])
      await phone.open('pages/clue/clue')
      await phone.byClass('row').getByText(title).waitFor()
      expect(await phone.byClass('clue-row').count()).toBe(1)
      expect(await phone.errors()).toEqual([])
    })
  }, 180_000)
})
