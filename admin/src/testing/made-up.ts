import type { AdminClue, AdminDelivery, Delivery, StaffMember } from '@leadbell/contract'

/** A lead nobody has, with whatever a test says of it. */
export const aClue = (said: Partial<AdminClue> = {}): AdminClue => ({
  id: '1',
  title: '恒泰建材 采购咨询',
  customerName: '周女士',
  phone: '13800001111',
  remark: '',
  status: 'pending',
  version: 1,
  assigneeId: null,
  assignedAt: null,
  readAt: null,
  createdAt: '2026-11-23T01:00:00.000Z',
  externalId: null,
  assignee: null,
  assignedBy: null,
  delivery: null,
  ...said,
})

export const aDelivery = (said: Partial<Delivery> = {}): Delivery => ({
  id: '900',
  clueId: '1',
  assigneeId: '7',
  state: 'sent',
  reason: null,
  ...said,
})

export const anAdminDelivery = (said: Partial<AdminDelivery> = {}): AdminDelivery => ({
  ...aDelivery(),
  clueTitle: '恒泰建材 采购咨询',
  assignee: { id: '7', realname: '陈小舟' },
  attempts: 1,
  createdAt: '2026-11-23T01:00:00.000Z',
  settledAt: '2026-11-23T01:00:02.000Z',
  nextTryAt: null,
  ...said,
})

/** Somebody whose WeChat rings: bound, three messages left. */
export const aMember = (said: Partial<StaffMember> = {}): StaffMember => ({
  id: '7',
  username: 'chen',
  realname: '陈小舟',
  role: 'staff',
  version: 1,
  disabled: false,
  bound: true,
  quota: { TPL: 3 },
  waiting: 0,
  lastSeenAt: '2026-11-23T00:30:00.000Z',
  createdAt: '2026-11-01T00:00:00.000Z',
  ...said,
})
