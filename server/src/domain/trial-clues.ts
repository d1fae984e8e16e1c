import type { ClueStatus } from '@leadbell/contract'
import type { NewClue } from './clues.ts'

const companies = [
  '恒泰建材',
  '云帆物流',
  '青禾食品',
  '东篱家居',
  '明川电子',
  '蓝桥软件',
  '松柏医疗',
  '远航机电',
  '百味餐饮',
  '星火教育',
  '海纳包装',
  '嘉木园林',
]
const wishes = [
  '采购咨询',
  '报价需求',
  '上门勘测',
  '续约洽谈',
  '产品试用',
  '批量订购',
  '售后升级',
  '渠道合作',
]
const surnames = ['王', '李', '张', '刘', '杨', '黄', '吴', '徐', '孙', '何', '郭', '许']
const givenNames = [
  '建国',
  '雨桐',
  '志远',
  '晓燕',
  '子墨',
  '海涛',
  '佳怡',
  '文博',
  '思齐',
  '丽华',
  '俊杰',
  '若曦',
]
const remarks = [
  '官网留言，希望本周内回电',
  '展会上留的名片，对交付周期比较关心',
  '老客户介绍，预算已经批下来',
  '电话里问过价格，想先看样品',
  '',
]

/** A made-up lead; `n` picks it. The phone numbers are of no real person: 138-0000-xxxx. */
export function makeTrialClue(n: number): NewClue {
  const company = pick(companies, n)
  return {
    title: `${company} ${pick(wishes, n * 5 + Math.floor(n / 8))}`,
    customerName: `${pick(surnames, n * 7)}${pick(givenNames, n * 5 + 3)}`,
    phone: `138-0000-${String((n * 7919 + 1024) % 10_000).padStart(4, '0')}`,
    remark: pick(remarks, n),
  }
}

/** What became of a made-up lead once it was opened; `notes` come oldest first. */
export interface TrialFollowUp {
  status: ClueStatus
  notes: readonly string[]
}

const OPENED = 15
const followUps: readonly TrialFollowUp[] = [
  { status: 'won', notes: ['样品已寄出，对方周三收到', '样品确认没问题，合同已签，首批下周发货'] },
  { status: 'following', notes: ['电话聊过，对方还在比价，周四下午再联系'] },
  { status: 'invalid', notes: ['打了三次，对方说没有留过言'] },
  { status: 'following', notes: [] },
  { status: 'pending', notes: [] },
]

/** What was done about lead `n`; undefined for the newer ones, which nobody has opened yet. */
export const makeTrialFollowUp = (n: number): TrialFollowUp | undefined =>
  n < OPENED ? followUps[n % followUps.length] : undefined

function pick(list: readonly string[], n: number): string {
  return list[n % list.length] ?? ''
}
