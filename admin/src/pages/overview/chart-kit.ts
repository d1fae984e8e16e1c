import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartConfiguration,
} from 'chart.js'

// what the two charts are made of; the rest of the library is left out of the build
Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
)

Chart.defaults.font.family = getComputedStyle(document.body).fontFamily

export const drawChart = (canvas: HTMLCanvasElement, config: ChartConfiguration): Chart =>
  new Chart(canvas, config)
