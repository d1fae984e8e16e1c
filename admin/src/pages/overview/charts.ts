import type { Statistics } from '@leadbell/contract'
import type { ChartConfiguration } from 'chart.js'
import { deliveryStateWords, durationText } from '../../words.ts'
import { notSent, statesInUse } from './figures.ts'
import { shortDay } from './range.ts'
import type { Colours } from './useColours.ts'

type Animated = Pick<NonNullable<ChartConfiguration['options']>, 'animation'>

/** Bars of messages by day, sent below and not sent above, and a line of how long half of them took. */
export function daysChart(days: Statistics['days'], colours: Colours, motion: Animated): ChartConfiguration {
  const hasMedian = days.some((day) => day.medianSecondsToRing !== null)
  const seconds = {
    type: 'line' as const,
    label: '响铃中位用时',
    data: days.map((day) => day.medianSecondsToRing),
    yAxisID: 'seconds',
    borderColor: colours.text,
    backgroundColor: colours.paper,
    borderWidth: 1.5,
    pointRadius: 3,
    // a day on which nothing rang has no time, and no line through it
    spanGaps: false,
  }
  const bars = (label: string, data: number[], colour: string) => ({
    type: 'bar' as const,
    label,
    data,
    backgroundColor: colour,
    stack: 'messages',
    maxBarThickness: 36,
  })
  return {
    type: 'bar',
    data: {
      labels: days.map(({ day }) => shortDay(day)),
      datasets: [
        ...(hasMedian ? [seconds] : []),
        bars(
          '已送达',
          days.map(({ sent }) => sent),
          colours.success,
        ),
        bars('未送达', days.map(notSent), colours.warning),
      ],
    },
    options: {
      ...common(colours, motion),
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: { stacked: true, ticks: { color: colours.muted, maxRotation: 0 }, grid: { display: false } },
        y: {
          ...wholeNumbers(colours),
          stacked: true,
          title: { display: true, text: '条', color: colours.muted },
        },
        ...(hasMedian && {
          seconds: {
            position: 'right',
            beginAtZero: true,
            // a tenth of a second is the least that its words tell apart
            suggestedMax: 1,
            ticks: {
              color: colours.muted,
              callback: (value: number | string) => durationText(Number(value)),
            },
            grid: { display: false },
          },
        }),
      },
      plugins: {
        legend: { labels: { color: colours.text } },
        tooltip: {
          callbacks: {
            label: ({ dataset, parsed }) => {
              const value = parsed.y ?? 0
              const isTime = 'yAxisID' in dataset && dataset.yAxisID === 'seconds'
              return `${dataset.label ?? ''}：${isTime ? durationText(value) : `${value} 条`}`
            },
          },
        },
      },
    },
  }
}

/** A bar for each state that something is in, named beside it. */
export function statesChart(
  states: Statistics['states'],
  colours: Colours,
  motion: Animated,
): ChartConfiguration {
  const shown = statesInUse(states)
  return {
    type: 'bar',
    data: {
      labels: shown.map(({ text, count }) => `${text} ${count}`),
      datasets: [
        {
          data: shown.map(({ count }) => count),
          backgroundColor: shown.map(({ state }) => colours[deliveryStateWords[state].tone]),
          maxBarThickness: 28,
        },
      ],
    },
    options: {
      ...common(colours, motion),
      indexAxis: 'y',
      scales: {
        x: wholeNumbers(colours),
        y: { ticks: { color: colours.text }, grid: { display: false } },
      },
      plugins: {
        legend: { display: false },
        tooltip: { callbacks: { label: ({ parsed }) => `${parsed.x ?? 0} 条` } },
      },
    },
  }
}

const common = (colours: Colours, motion: Animated) => ({
  ...motion,
  responsive: true,
  maintainAspectRatio: false,
  color: colours.text,
})

const wholeNumbers = (colours: Colours) => ({
  beginAtZero: true,
  ticks: { color: colours.muted, precision: 0 },
  grid: { color: colours.lines },
})
