import { spawnSync } from 'node:child_process'

/** Runs git with these arguments; null when there is no git, no repository or no commit. */
export type Git = (args: string[]) => string | null

export const gitIn =
  (folder: string): Git =>
  (args) => {
    const run = spawnSync('git', args, { cwd: folder, encoding: 'utf8' })
    return run.status === 0 ? run.stdout.trim() : null
  }

const LONGEST = 100

/** What is uploaded, for the console's list: the commit's short hash and subject, and whether files differ from it. */
export function describeRevision(git: Git): string {
  const commit = git(['log', '-1', '--format=%h %s'])
  if (!commit) return '没有版本记录'
  const suffix = git(['status', '--porcelain']) ? '（另有未提交的修改）' : ''
  const room = LONGEST - suffix.length
  return (commit.length > room ? `${commit.slice(0, room - 1)}…` : commit) + suffix
}
