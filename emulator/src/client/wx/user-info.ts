import { asyncApi, fail, ok, textOption } from './api.ts'
import type { WxHost } from './host.ts'

/** Since 2022-11 everybody is 微信用户 with a grey picture to a mini-program that asks. */
const grey =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"%3E%3Cpath fill="%23ccc" d="M0 0h64v64H0z"/%3E%3C/svg%3E'
const anonymous = {
  ...{ nickName: '微信用户', avatarUrl: grey, gender: 0, language: '' },
  ...{ country: '', province: '', city: '', is_demote: true },
}

export function userInfoApis(host: WxHost) {
  const answer = () => {
    const rawData = JSON.stringify(anonymous)
    return ok({ userInfo: anonymous, rawData, signature: '', encryptedData: '', iv: '' })
  }
  return {
    getUserProfile: asyncApi(host, {
      name: 'getUserProfile',
      tap: 'needs',
      perform: (options) =>
        textOption(options, 'desc') === ''
          ? fail('parameter error: parameter.desc should be String instead of Undefined')
          : answer(),
    }),
    getUserInfo: asyncApi(host, { name: 'getUserInfo', tap: 'none', perform: answer }),
  }
}
