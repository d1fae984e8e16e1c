import { asyncApi, fail, ok, textOption, type ApiDefinition, type Outcome } from './api.ts'
import { withScope } from './authorize.ts'
import type { WxHost } from './host.ts'

export interface Place {
  name: string
  address: string
  latitude: number
  longitude: number
}

/** Where the drawn phone is, and what lies around it. */
export const phoneIsAt: Place = {
  name: '人民公园',
  address: '上海市黄浦区南京西路231号',
  latitude: 31.2327,
  longitude: 121.4725,
}
const around: readonly Place[] = [
  phoneIsAt,
  { name: '上海博物馆', address: '上海市黄浦区人民大道201号', latitude: 31.2282, longitude: 121.4755 },
  { name: '上海大剧院', address: '上海市黄浦区人民大道300号', latitude: 31.2305, longitude: 121.4711 },
]

const ACCURACY_M = 15

/** Since 2022-07 an app that asks where its user is must say so in app.json. */
const undeclared = fail('the api need to be declared in the requiredPrivateInfos field in app.json/ext.json')

export function locationApis(host: WxHost) {
  const isDeclared = (name: string) =>
    Array.isArray(host.program.app.requiredPrivateInfos) &&
    host.program.app.requiredPrivateInfos.includes(name)
  const declared = (name: string, perform: ApiDefinition['perform']) =>
    asyncApi(host, {
      name,
      tap: 'none',
      perform: (options) => (isDeclared(name) ? perform(options) : undeclared),
    })
  const here = (fuzzy: boolean): Outcome => {
    const round = (degrees: number) => (fuzzy ? Math.round(degrees * 100) / 100 : degrees)
    const { latitude, longitude } = phoneIsAt
    if (fuzzy) return ok({ latitude: round(latitude), longitude: round(longitude) })
    return ok({
      ...{ latitude, longitude, speed: 0, accuracy: ACCURACY_M, altitude: 4 },
      ...{ horizontalAccuracy: ACCURACY_M, verticalAccuracy: ACCURACY_M },
    })
  }

  return {
    getLocation: declared(
      'getLocation',
      host.privacy.guarded('getLocation', () => withScope(host, 'scope.userLocation', () => here(false))),
    ),
    getFuzzyLocation: declared(
      'getFuzzyLocation',
      host.privacy.guarded('getFuzzyLocation', () =>
        withScope(host, 'scope.userFuzzyLocation', () => here(true)),
      ),
    ),
    chooseLocation: declared(
      'chooseLocation',
      host.privacy.guarded(
        'chooseLocation',
        () =>
          new Promise<Outcome>((resolve) =>
            host.shell.askActionSheet(
              { items: around.map(({ name }) => name), color: '', title: '选择位置' },
              (row) => {
                const place = row === null ? undefined : around[row]
                resolve(place ? ok({ ...place }) : fail('cancel'))
              },
            ),
          ),
      ),
    ),
    openLocation: asyncApi(host, {
      name: 'openLocation',
      tap: 'none',
      perform(options) {
        const [latitude, longitude] = [Number(options.latitude), Number(options.longitude)]
        if (options.latitude === undefined || !Number.isFinite(latitude + longitude))
          return fail('parameter error: parameter.latitude and parameter.longitude should be Number')
        host.pages.hideTop()
        host.shell.openPlace(
          { latitude, longitude, name: textOption(options, 'name'), address: textOption(options, 'address') },
          () => host.alive() && host.pages.showTop(),
        )
        return ok()
      },
    }),
  }
}
