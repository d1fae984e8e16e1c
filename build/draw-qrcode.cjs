// Draws a QR code for a terminal from its picture on stdin, with miniprogram-ci's own drawing, which it offers only
// instead of the picture. In a process of its own, because a picture it cannot read ends the process.
const fs = require('node:fs')
const { generateTerminalQrcode } = require('miniprogram-ci/dist/ci/utils/terminalQrcode')

generateTerminalQrcode(fs.readFileSync(0).toString('base64')).then(
  (text) => process.stdout.write(`${text}\n`, () => process.exit(0)),
  () => process.exit(1),
)
