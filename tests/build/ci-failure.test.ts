import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { wordCiFailure } from '../../build/ci-failure.ts'

const key = generateKeyPairSync('rsa', { modulusLength: 1024 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString()

describe('a failure in Chinese', () => {
  const thrown = (code: number, message: string) => Object.assign(new Error(message), { code })

  it.each([
    [
      thrown(20003, 'Error: {"errCode":-10008,"errMsg":"invalid ip: 203.0.113.9, reference: …"}'),
      'IP 203.0.113.9 不在上传白名单里',
    ],
    [thrown(20003, 'Error: {"errCode":-10008,"errMsg":"invalid ip: 2001:db8::9"}'), 'IP 2001:db8::9 不在'],
    [
      thrown(20003, 'Error: {"errCode":-80011,"errMsg":"ip not in whitelist"}'),
      '这台机器的 IP 不在上传白名单里',
    ],
    [thrown(20002, '生成本地签名失败。通常是key文件编码或者内容有误。'), '上传密钥不对'],
    [thrown(20003, 'Error: {"errCode":-10007,"errMsg":"invalid signature"}'), '上传密钥不对'],
    [thrown(20001, 'Error: getaddrinfo ENOTFOUND servicewechat.com'), '连不上微信的上传服务器'],
    [thrown(20001, 'Error: tunneling socket could not be established'), '连不上微信的上传服务器'],
    [thrown(20001, 'Error: errCode: -10003; errMsg: appid error'), 'appid 不对'],
    [
      thrown(20003, 'Error: {"errCode":80051,"errMsg":"source size 2100KB exceed max limit 2MB"}'),
      '代码包超过微信的限制',
    ],
    ['something new', '微信没有接受这次上传'],
  ])('%s', (error, start) => {
    const sentence = wordCiFailure(error)
    expect(sentence).toContain(start)
    expect(sentence).toMatch(/[：，].*。（原文：[^\n]+）$/)
  })

  it('carries no key, whole, cut off or without its first line', () => {
    const body = key.split('\n').slice(1, -2)
    for (const said of [key, key.slice(0, 200), body.join(''), body.join('\\n'), `bad key ${key} here`]) {
      const sentence = wordCiFailure(new Error(said))
      for (const line of body) expect(sentence).not.toContain(line.slice(0, 40))
    }
  })

  it('is one line, however much was said', () => {
    expect(wordCiFailure(new Error('a b\n'.repeat(1000))).length).toBeLessThan(400)
  })
})
