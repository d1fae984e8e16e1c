import { expect, it } from 'vitest'
import { daysChart, statesChart } from './charts.ts'
import type { Colours } from './useColours.ts'

const colours: Colours = {
  text: 'text',
  muted: 'muted',
  lines: 'lines',
  paper: 'paper',
  primary: 'primary',
  success: 'success',
  warning: 'warning',
  danger: 'danger',
  info: 'info',
}
const day = (assigned: number, sent: number, medianSecondsToRing: number | null) => ({
  day: '2026-11-01',
  assigned,
  sent,
  medianSecondsToRing,
})

it('the days show what was sent, what was not, and how long it took', () => {
  const { data } = daysChart([day(9, 7, 2.5), day(0, 0, null)], colours, {})
  expect(data.datasets.map(({ label, data: numbers }) => [label, numbers])).toEqual([
    ['响铃中位用时', [2.5, null]],
    ['已送达', [7, 0]],
    ['未送达', [2, 0]],
  ])
})

it('a time axis is there only when something rang', () => {
  const { data, options } = daysChart([day(4, 0, null)], colours, {})
  expect(data.datasets.map(({ label }) => label)).toEqual(['已送达', '未送达'])
  expect(options?.scales).not.toHaveProperty('seconds')
})

it('each state in use has its bar, its number and its colour', () => {
  const { data } = statesChart({ sent: 5, waiting: 2, dead: 0 }, colours, {})
  expect(data.labels).toEqual(['已送达 5', '等待中 2'])
  expect(data.datasets[0]).toMatchObject({ data: [5, 2], backgroundColor: ['success', 'warning'] })
})

it('stands still for whoever asked for that', () => {
  expect(daysChart([], colours, { animation: false }).options).toMatchObject({ animation: false })
  expect(statesChart({}, colours, { animation: false }).options).toMatchObject({ animation: false })
})
